package models

import (
	"context"
	"encoding/json"
	"net/mail"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// A MailServer takes the mail that goes to people. Its zero value is none.
type MailServer struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Security string `json:"security"` // starttls, tls; none only for a host that is allowed
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
	From     string `json:"from"` // an address, with a name or without
}

// MailServer is the one that is set; the zero value when none is.
func (db *DB) MailServer(ctx context.Context) (m MailServer, err error) {
	text, err := db.Setting(ctx, MailServerSetting)
	if err != nil || text == "" {
		return MailServer{}, err
	}
	return m, json.Unmarshal([]byte(text), &m)
}

// SetMailServer keeps a mail server, sealed; the zero value removes it. An empty password with a user leaves the one that
// is kept for the same user at the same host. What waits to be mailed is tried at once. Invalid names the field: host, port, security, user, password, from.
func (db *DB) SetMailServer(ctx context.Context, m MailServer, by By) error {
	if m == (MailServer{}) {
		return db.SetSetting(ctx, MailServerSetting, "", by)
	}
	m.Host, m.User, m.From = strings.TrimSpace(m.Host), strings.TrimSpace(m.User), strings.TrimSpace(m.From)
	was, err := db.MailServer(ctx)
	if err != nil {
		return err
	}
	if m.Password == "" && m.User == was.User && m.Host == was.Host {
		m.Password = was.Password
	}
	if err := m.check(); err != nil {
		return err
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		if err := db.putSetting(tx, MailServerSetting, string(text), by); err != nil {
			return err
		}
		return db.hasten(tx, `receiver_id IN (SELECT id FROM receivers WHERE channel = ?)`, Email)
	})
}

func (m MailServer) check() error {
	switch {
	case m.Host == "" || tooLong(m.Host, 253):
		return &Invalid{"host", "Write a host such as smtp.example.com."}
	case m.Port < 1 || m.Port > 65535:
		return &Invalid{"port", "Write a port such as 587 or 465."}
	case m.Security != "starttls" && m.Security != "tls" && m.Security != "none":
		return &Invalid{"security", "Choose how the connection is secured."}
	case tooLong(m.User, 300):
		return &Invalid{"user", "This is no user name."}
	case m.User != "" && m.Security == "none":
		return &Invalid{"user", "A user name and password never travel without TLS. Leave them out, or choose TLS."}
	case m.User != "" && (m.Password == "" || tooLong(m.Password, 500)):
		return &Invalid{"password", "Enter the password of this user."}
	case m.User == "" && m.Password != "":
		return &Invalid{"user", "Enter the user to whom the password belongs."}
	}
	if _, err := mail.ParseAddress(m.From); err != nil || tooLong(m.From, 300) {
		return &Invalid{"from", "Write an address such as alerts@example.com, or Alerts <alerts@example.com>."}
	}
	return nil
}

// maxMailAddresses bounds those of one receiver.
const maxMailAddresses = 20

// ParseMailAddresses reads mail addresses, with commas, spaces or lines between, and returns them with a comma between,
// and what may be shown of them. Its error is Invalid of address.
func ParseMailAddresses(text string) (address, place string, err error) {
	all := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(", ;\r\n\t", r) })
	domains := []string{}
	for _, one := range all {
		a, err := mail.ParseAddress(one)
		if err != nil || a.Address != one || tooLong(one, 254) {
			return "", "", &Invalid{"address", "Write plain addresses such as ada@example.com, with commas between."}
		}
		domains = append(domains, one[strings.LastIndex(one, "@")+1:])
	}
	switch domains := sorted(domains); {
	case len(all) == 0:
		return "", "", &Invalid{"address", "Write at least one address."}
	case len(all) > maxMailAddresses:
		return "", "", &Invalid{"address", "Write at most 20 addresses. A list at the mail server takes more."}
	case len(all) == 1:
		place = "An address at " + domains[0]
	default:
		place = strconv.Itoa(len(all)) + " addresses at " + shorten(strings.Join(domains, ", "), 200)
	}
	return strings.Join(all, ","), place, nil
}
