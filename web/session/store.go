package session

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"switchyard/models"
)

// tokenSize is the length of rand.Text.
const tokenSize = 26

// rowKey is where a session keeps its row; only values with text keys are stored.
type rowKey struct{}

func rowOf(s *sessions.Session) models.Session {
	row, _ := s.Values[rowKey{}].(models.Session)
	return row
}

// A store keeps sessions in the database: gorilla's Store over the session methods of models.
type store struct{ m *Manager }

var _ sessions.Store = store{}

// Get returns the session of this request, read once.
func (st store) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(st, name)
}

// New reads the session that the browser's token names. Without a live one it is new and has no ID; an error means
// that nobody can tell.
func (st store) New(r *http.Request, name string) (*sessions.Session, error) {
	s := sessions.NewSession(st, name)
	s.Options, s.IsNew = st.m.cookieOptions(), true
	cookie, err := r.Cookie(name)
	if err != nil || len(cookie.Value) != tokenSize {
		return s, nil
	}
	row, err := st.m.DB.LiveSession(r.Context(), idOf(cookie.Value))
	if errors.Is(err, models.ErrNotFound) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	var values map[string]any
	if err := json.Unmarshal([]byte(row.Data), &values); err != nil {
		return s, fmt.Errorf("read the data of a session: %w", err)
	}
	for k, v := range values {
		s.Values[k] = v
	}
	s.Values[rowKey{}] = row
	s.ID, s.IsNew = row.ID, false
	return s, nil
}

// Save writes the values of a live session, or makes the row of a new one of a user, or ends it when MaxAge is
// negative. A session that has ended meanwhile stays ended: ErrSignedOut, and the cookie goes.
func (st store) Save(r *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	if s.Options.MaxAge < 0 {
		return st.end(r, w, s)
	}
	data, err := encode(s.Values)
	if err != nil {
		return err
	}
	row := rowOf(s)
	row.Data = data
	if row.UserID == 0 {
		return ErrSignedOut // nobody has no row
	}
	if s.ID == "" {
		return st.create(r, w, s, row)
	}
	idle, _, err := st.m.DB.SessionTimes(r.Context())
	if err != nil {
		return err
	}
	row.SeenAt, row.IdleAt = models.Time{Time: st.m.now()}, models.Time{Time: st.m.now().Add(idle)}
	err = st.m.DB.SaveSession(r.Context(), row)
	if errors.Is(err, models.ErrNotFound) {
		st.dropCookie(w, s.Name())
		return ErrSignedOut
	}
	return err
}

// create makes the row under the hash of a new token, and gives the token to the browser alone.
func (st store) create(r *http.Request, w http.ResponseWriter, s *sessions.Session, row models.Session) error {
	idle, longest, err := st.m.DB.SessionTimes(r.Context())
	if err != nil {
		return err
	}
	now := st.m.now()
	token := rand.Text()
	row.ID = idOf(token)
	row.CreatedAt, row.SeenAt = models.Time{Time: now}, models.Time{Time: now}
	row.IdleAt, row.EndsAt = models.Time{Time: now.Add(idle)}, models.Time{Time: now.Add(longest)}
	if err := st.m.DB.CreateSession(r.Context(), row); err != nil {
		return err
	}
	s.ID, s.IsNew, s.Values[rowKey{}] = row.ID, false, row
	s.Options.MaxAge = int(longest.Seconds())
	http.SetCookie(w, sessions.NewCookie(s.Name(), token, s.Options))
	return nil
}

func (st store) end(r *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	if s.ID != "" {
		if err := st.m.DB.RevokeSession(r.Context(), s.ID); err != nil {
			return err
		}
	}
	st.dropCookie(w, s.Name())
	return nil
}

func (st store) dropCookie(w http.ResponseWriter, name string) {
	o := st.m.cookieOptions()
	o.MaxAge = -1
	http.SetCookie(w, sessions.NewCookie(name, "", o))
}

// encode is the JSON of the values with text keys.
func encode(values map[any]any) (string, error) {
	kept := map[string]any{}
	for k, v := range values {
		if name, ok := k.(string); ok {
			kept[name] = v
		}
	}
	raw, err := json.Marshal(kept)
	return string(raw), err
}

// idOf is what the database knows a token by: a copy of it opens no session.
func idOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func (m *Manager) session(c echo.Context) (*sessions.Session, error) {
	return store{m}.Get(c.Request(), m.cookie("sid"))
}

// cookie is the name of a cookie: over https one that no other host and no plain connection can set.
func (m *Manager) cookie(name string) string {
	if m.Secure {
		return "__Host-" + name
	}
	return name
}

func (m *Manager) cookieOptions() *sessions.Options {
	return &sessions.Options{Path: "/", Secure: m.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}
