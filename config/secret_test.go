package config_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/config"
)

func TestSecretResolve(t *testing.T) {
	t.Parallel()
	environment := map[string]string{"DSN": "postgres://a:b@c/d", "PASSWORD": "p@ss/ wörd+%", "EMPTY": ""}
	files := map[string]string{"/run/dsn": "sqlite:/x.db\n", "/run/crlf": "sqlite:/y.db\r\n", "/run/empty": "\n"}
	cases := map[string]struct {
		secret config.Secret
		want   string
		fails  error
	}{
		"text without references is itself":            {secret: "sqlite:/x.db", want: "sqlite:/x.db"},
		"the empty text is itself":                     {},
		"a whole reference is taken as it is":          {secret: "${env:DSN}", want: "postgres://a:b@c/d"},
		"a part is percent-encoded":                    {secret: "postgres://u:${env:PASSWORD}@h/d", want: "postgres://u:p%40ss%2F%20w%C3%B6rd%2B%25@h/d"},
		"a file loses the line end at its end":         {secret: "${file:/run/dsn}", want: "sqlite:/x.db"},
		"a file loses a Windows line end":              {secret: "${file:/run/crlf}", want: "sqlite:/y.db"},
		"an unset variable is an error":                {secret: "${env:NONE}", fails: evenkeel.ErrNotFound},
		"an empty variable is an error":                {secret: "${env:EMPTY}", fails: evenkeel.ErrNotFound},
		"an empty file is an error":                    {secret: "${file:/run/empty}", fails: evenkeel.ErrNotFound},
		"a missing file is an error":                   {secret: "${file:/run/none}", fails: fs.ErrNotExist},
		"an unknown kind of reference is an error":     {secret: "${vault:x}", fails: evenkeel.ErrInvalid},
		"a relative file is an error":                  {secret: "${file:run/dsn}", fails: evenkeel.ErrInvalid},
		"a reference without an end is an error":       {secret: "x${env:DSN", fails: evenkeel.ErrInvalid},
		"two references are two values, not one whole": {secret: "${env:DSN}${env:DSN}", want: "postgres%3A%2F%2Fa%3Ab%40c%2Fdpostgres%3A%2F%2Fa%3Ab%40c%2Fd"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := c.secret.Resolve(
				func(name string) (string, bool) { v, ok := environment[name]; return v, ok },
				func(name string) ([]byte, error) {
					if text, ok := files[name]; ok {
						return []byte(text), nil
					}
					return nil, fs.ErrNotExist
				})
			if got != c.want || !errors.Is(err, c.fails) {
				t.Errorf("got %q, %v; want %q, %v", got, err, c.want, c.fails)
			}
			if err != nil && strings.Contains(err.Error(), "p@ss") {
				t.Errorf("the error shows the secret: %v", err)
			}
		})
	}
}
