package server

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
)

// noncePlaceholder stands in index.html where the page's nonce belongs.
const noncePlaceholder = "__CSP_NONCE__"

// indexPage is the dashboard's only page; the browser routes the rest.
type indexPage struct{ text []byte }

func readIndex(dashboard fs.FS) (indexPage, error) {
	text, err := fs.ReadFile(dashboard, "index.html")
	if err != nil {
		return indexPage{}, fmt.Errorf("server: the dashboard has no index.html: %w", err)
	}
	return indexPage{text: text}, nil
}

// getDashboard serves a file of the dashboard, or its page for every path
// that names no file.
func (s *Server) getDashboard(c echo.Context) error {
	name := strings.TrimPrefix(path.Clean("/"+c.Request().URL.Path), "/")
	if name == "" || name == "index.html" {
		return s.sendIndex(c)
	}
	file, err := s.Dashboard.Open(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		if path.Ext(name) != "" && !strings.HasPrefix(name, "w/") {
			return problemf(http.StatusNotFound, "there is no file /%s", name)
		}
		return s.sendIndex(c)
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.IsDir() {
		return s.sendIndex(c)
	}
	return sendFile(c, name, file)
}

// sendIndex answers with the page under a policy that lets nothing in from
// elsewhere and runs only scripts with this answer's nonce.
func (s *Server) sendIndex(c echo.Context) error {
	nonce := rand.Text()
	h := c.Response().Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Security-Policy", "default-src 'self'; script-src 'self' 'nonce-"+nonce+"'; style-src 'self' 'nonce-"+nonce+
		"'; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'")
	return c.HTMLBlob(http.StatusOK, bytes.ReplaceAll(s.index.text, []byte(noncePlaceholder), []byte(nonce)))
}

// sendFile answers with a file whose name holds its hash, compressed when the
// browser can read that.
func sendFile(c echo.Context, name string, file io.Reader) error {
	kind := mime.TypeByExtension(path.Ext(name))
	if kind == "" {
		kind = "application/octet-stream"
	}
	h := c.Response().Header()
	h.Set("Content-Type", kind)
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	h.Add("Vary", "Accept-Encoding")
	if c.Request().Method == http.MethodHead || !compressible(kind) || !strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		return c.Stream(http.StatusOK, kind, file)
	}
	h.Set("Content-Encoding", "gzip")
	c.Response().WriteHeader(http.StatusOK)
	w := gzip.NewWriter(c.Response())
	if _, err := io.Copy(w, file); err != nil {
		return err
	}
	return w.Close()
}

func compressible(kind string) bool {
	return strings.HasPrefix(kind, "text/") || strings.Contains(kind, "javascript") || strings.Contains(kind, "json") || strings.Contains(kind, "svg")
}
