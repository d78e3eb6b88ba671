package web_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/web"
)

func TestSetupTellsTheLastBackup(t *testing.T) {
	const none, old, never = "There is no backup yet.", "The last backup is more than a day old.", "<dd>never</dd>"
	began := time.Now()
	var later atomic.Int64
	s := openSite(t, func(c *web.Config) { c.Now = func() time.Time { return began.Add(time.Duration(later.Load())) } }).addUsers(t)
	setup := func(name string, contains, absent []string) {
		t.Helper()
		s.run(t, []scenario{{name: name, as: "admin", path: "/setup/connect", status: 200, contains: append(contains, "Last backup"), absent: absent}})
	}
	if modelstest.Postgres() {
		setup("its own tools", []string{"own tools"}, []string{none, old})
		return
	}
	setup("nothing to lose", []string{never}, []string{none, old})
	s.response(t, "447700900123", "Ada", map[string]any{"age": "12"})
	setup("something to lose", []string{never, none, "switchyard backup FOLDER"}, []string{old})
	if _, err := s.DB().Backup(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	setup("made", []string{"just now", "iB)"}, []string{never, none, old})
	later.Store(int64(models.BackupDue + time.Minute))
	s.clients = map[string]*http.Client{} // whose sessions are over
	setup("old", []string{"1 day ago", old}, []string{never, none})
}
