package web_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/web"
)

// BenchmarkExport is the CSV of all responses beside what the engine's own tool (sqlite3, psql) reaches writing the same rows,
// in turn. x-tool is our rows per row of the tool in equal time, x-tool-cpu the same by the processor time of all processes,
// that of PostgreSQL's server included. Where the tool is not installed the benchmark fails. SWITCHYARD_BENCH_RESPONSES says of
// how many, SWITCHYARD_BENCH_DATABASES in which databases, which stay.
func BenchmarkExport(b *testing.B) {
	for engine, url := range modelstest.ManyURLs(b) {
		b.Run(engine, func(b *testing.B) {
			db := modelstest.OpenAt(b, url)
			modelstest.LoadMany(b, db.DB, modelstest.Many(b))
			tool := newExportTool(b, db.DB, url)
			void, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
			if err != nil {
				b.Fatal(err)
			}
			defer void.Close()
			n := sameLines(b, db.DB, tool)
			ours, theirs := load{more: tool.others}, load{more: tool.others}
			for b.Loop() {
				theirs.add(func() int { tool.run(b, void); return n })
				ours.add(func() int { exportTo(b, db.DB, void, web.CSV); return n })
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ours.rate(), "rows/s")
			b.ReportMetric(theirs.rate(), "tool-rows/s")
			b.ReportMetric(ours.rate()/theirs.rate(), "x-tool")
			b.ReportMetric(theirs.cost()/ours.cost(), "x-tool-cpu")
			b.ReportMetric(ours.cost()*1e6, "cpu-µs/row")
		})
	}
}

func exportTo(b *testing.B, db *models.DB, w io.Writer, format web.ExportFormat) {
	if err := web.Export(b.Context(), db, w, web.ExportOptions{What: web.ExportedResponses, Format: format}); err != nil {
		b.Fatal(err)
	}
}

// sameLines counts the lines that both write.
func sameLines(b *testing.B, db *models.DB, tool exportTool) int {
	var ours, theirs lineCounter
	exportTo(b, db, &ours, web.CSV)
	tool.run(b, &theirs)
	if ours != theirs {
		b.Fatalf("we wrote %d lines, %s %d", ours, tool.name, theirs)
	}
	return int(ours)
}

type lineCounter int

func (l *lineCounter) Write(p []byte) (int, error) {
	*l += lineCounter(bytes.Count(p, []byte("\n")))
	return len(p), nil
}

// An exportTool is the engine's own program.
type exportTool struct {
	name   string
	args   []string
	server int // the process of the server, 0: none
}

func newExportTool(b *testing.B, db *models.DB, url string) exportTool {
	b.Helper()
	keys, err := db.AnswerKeys(b.Context(), 0)
	if err != nil {
		b.Fatal(err)
	}
	t := exportTool{name: "sqlite3"}
	var query string
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		query = toolQuery(`strftime('%Y-%m-%dT%H:%M:%SZ', r.received_at / 1000000, 'unixepoch')`, `strftime('%Y-%m-%dT%H:%M:%SZ', r.sent_at / 1000000, 'unixepoch')`, `r.answers`, keys)
		t.args = []string{"-readonly", "-csv", "-header", file, query}
	} else {
		format := `to_char(to_timestamp(%s / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
		query = toolQuery(fmt.Sprintf(format, `r.received_at`), fmt.Sprintf(format, `r.sent_at`), `r.j`, keys)
		query = strings.Replace(query, `FROM responses r`, `FROM (SELECT *, answers::jsonb AS j FROM responses OFFSET 0) AS r`, 1)
		t.name, t.args = "psql", []string{"--no-psqlrc", url, "-c", `\copy (` + query + `) TO STDOUT WITH (FORMAT csv, HEADER)`}
		t.server = serverOf(b, url)
	}
	if _, err := exec.LookPath(t.name); err != nil {
		b.Fatalf("there is nothing to compare with: install %s (%v)", t.name, err)
	}
	return t
}

// toolQuery is what we export, in the same order. Lists stay JSON, which costs the tool less.
func toolQuery(received, sent, answers string, keys []string) string {
	columns := []string{received + ` AS received_at`, sent + ` AS sent_at`, `f.slug`, `r.wamid`, `r.context_id`, `r.token`, `c.phone`, `c.name`, `r.state`}
	for _, key := range keys {
		columns = append(columns, answers+` ->> '`+key+`' AS "`+key+`"`)
	}
	return `SELECT ` + strings.Join(columns, ", ") + ` FROM responses r LEFT JOIN flows f ON f.id = r.flow_id LEFT JOIN contacts c ON c.id = r.contact_id
		WHERE NOT r.test ORDER BY r.received_at, r.id`
}

// run writes what the tool writes.
func (t exportTool) run(b *testing.B, w io.Writer) {
	cmd := exec.CommandContext(b.Context(), t.name, t.args...)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = w, &said
	if err := cmd.Run(); err != nil {
		b.Fatalf("%s: %v: %s", t.name, err, said.String())
	}
}

// others is the processor time of the tools that ran and of the server, in microseconds.
func (t exportTool) others() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		panic(err)
	}
	return (u.Utime.Sec+u.Stime.Sec)*1e6 + int64(u.Utime.Usec+u.Stime.Usec) + ticksOf(t.server)*1e6/ticksPerSecond
}

const ticksPerSecond = 100 // of /proc on Linux

// ticksOf is the processor time of a process, of its children that run and of those that ended; 0 of none.
func ticksOf(pid int) (ticks int64) {
	if pid == 0 {
		return 0
	}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		panic(err)
	}
	for _, file := range stats {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it ended meanwhile
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest) // from the third on, the state
		number := func(i int) (n int64) { fmt.Sscan(fields[i-3], &n); return n }
		switch {
		case strings.HasPrefix(string(text), fmt.Sprint(pid, " ")):
			ticks += number(14) + number(15) + number(16) + number(17)
		case number(4) == int64(pid):
			ticks += number(14) + number(15)
		}
	}
	return ticks
}

// serverOf is the process of a server on this machine.
func serverOf(b *testing.B, url string) (pid int) {
	b.Helper()
	var folder string
	if err := modelstest.SQL(b, url).QueryRow(`SHOW data_directory`).Scan(&folder); err != nil {
		b.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "postmaster.pid"))
	if err != nil {
		b.Fatalf("its processor time cannot be counted: %v", err)
	}
	fmt.Sscan(string(text), &pid)
	return pid
}
