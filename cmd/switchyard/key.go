package main

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"text/tabwriter"
	"time"

	"switchyard/models"
	"switchyard/web"
	"switchyard/web/keys"
)

// byKeyCommand stands in the audit log for what is changed here.
var byKeyCommand = models.By{Name: "switchyard key"}

// maxKeyFile bounds a PEM file, in bytes.
const maxKeyFile = 64 << 10

var keyVerbs = []command{
	{name: "new", summary: "make a key pair and print its public key", run: keyNew},
	{name: "list", summary: "list all key pairs", run: keyList},
	{name: "retire", summary: "end a key pair, now or later", run: keyRetire},
	{name: "import", summary: "take over a private key and print its public key", run: keyImport},
}

func keyNew(ctx context.Context, env environment, args []string) int {
	fs := flags("key new", "", "Makes a key pair, keeps it sealed, and prints the public key; how to upload it to Meta goes to standard error.")
	return exit(env, func() error {
		if _, err := parse(fs, args, 0); err != nil {
			return err
		}
		return withDB(ctx, env, func(db *models.DB) error {
			key, err := keys.Generate()
			if err != nil {
				return err
			}
			return keepKey(ctx, env, db, key)
		})
	}())
}

func keyImport(ctx context.Context, env environment, args []string) int {
	fs := flags("key import", "FILE", "Takes over the private key of a PEM file. Its passphrase, when it has one, is read from standard input.")
	return exit(env, func() error {
		rest, err := parse(fs, args, 1)
		if err != nil {
			return err
		}
		key, err := readKey(env, rest[0])
		if err != nil {
			return err
		}
		return withDB(ctx, env, func(db *models.DB) error { return keepKey(ctx, env, db, key) })
	}())
}

// readKey asks for a passphrase only when the file needs one.
func readKey(env environment, file string) (*rsa.PrivateKey, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	key, err := keys.Read(text, nil)
	if !errors.Is(err, keys.ErrLocked) {
		return key, err
	}
	passphrase, err := readLine(env, "passphrase of the key")
	if err != nil {
		return nil, err
	}
	return keys.Read(text, []byte(passphrase))
}

// keepKey seals the pair and prints the public key, and only that, on standard output.
func keepKey(ctx context.Context, env environment, db *models.DB, key *rsa.PrivateKey) error {
	private, err := keys.MarshalPrivate(key)
	if err != nil {
		return err
	}
	public := keys.PublicPEM(&key.PublicKey)
	if _, err := db.AddKey(ctx, keys.Fingerprint(&key.PublicKey), public, private, byKeyCommand); err != nil {
		if errors.Is(err, models.ErrConflict) {
			return errors.New("this key is here already")
		}
		return err
	}
	if _, err := io.WriteString(env.stdout, public); err != nil {
		return err
	}
	cfg, err := web.ConfigFromEnv(env.lookup)
	if err != nil {
		return err
	}
	fmt.Fprintf(env.stderr, "This is the public key. Save it as public.pem and upload it for each phone number:\n\n%s\n\n"+
		"Then, when switchyard key list shows that it is used, retire the older one: switchyard key retire ID --after 24h\n",
		keys.UploadCall(string(cfg.GraphURL), ""))
	return nil
}

func keyList(ctx context.Context, env environment, args []string) int {
	fs := flags("key list", "", "Lists the key pairs, newest first: number, fingerprint, state, uses, first and last use.")
	return exit(env, func() error {
		if _, err := parse(fs, args, 0); err != nil {
			return err
		}
		return withDB(ctx, env, func(db *models.DB) error {
			all, err := db.Keys(ctx)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
			for _, k := range all {
				fmt.Fprintf(w, "%d\t%s\t%s\t%d uses\tfirst %s\tlast %s\n", k.ID, keys.Short(k.Fingerprint), keyState(k, time.Now()), k.Uses,
					instant(k.FirstUsedAt), instant(k.LastUsedAt))
			}
			return w.Flush()
		})
	}())
}

func keyState(k models.Key, now time.Time) string {
	switch {
	case k.RetireAt.IsZero():
		return "live"
	case k.RetireAt.After(now):
		return "live until " + instant(k.RetireAt)
	}
	return "retired"
}

func keyRetire(ctx context.Context, env environment, args []string) int {
	fs := flags("key retire", "ID [--after 24h]", "Ends a key pair: envelopes sealed for it are refused from then on.")
	after := fs.Duration("after", 0, "how `long` it still works")
	return exit(env, func() error {
		rest, err := parse(fs, args, 1)
		if err != nil {
			return err
		}
		id, err := strconv.ParseInt(rest[0], 10, 64)
		if err != nil || id < 1 || *after < 0 {
			return use("key retire takes the number of a key (switchyard key list) and --after a time such as 24h")
		}
		return withDB(ctx, env, func(db *models.DB) error {
			end := models.Time{Time: time.Now().Add(*after)}
			err := db.RetireKey(ctx, id, end, byKeyCommand)
			if errors.Is(err, models.ErrNotFound) {
				return fmt.Errorf("there is no key %d", id)
			}
			if err == nil {
				fmt.Fprintf(env.stdout, "key %d ends at %s; until then it goes on opening requests\n", id, instant(end))
			}
			return err
		})
	}())
}

// instant is a time for people at a terminal, "-" for never.
func instant(t models.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}
