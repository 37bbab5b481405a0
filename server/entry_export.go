package server

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// maxExport is how many facts one export holds.
const maxExport = 100_000

// exportPage is how many facts are read at once.
const exportPage = 500

const (
	typeNDJSON = "application/x-ndjson"
	typeCSV    = "text/csv"
	// trailerTruncated tells at the end whether there was more.
	trailerTruncated = "Evenkeel-Truncated"
)

// exportPath is where a list that is asked for as a file is answered.
const exportPath = basePath + "/facts/export"

// negotiate sends those who ask for the list of facts as a file to the export.
func negotiate(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.URL.Path == basePath+"/facts" && exportType(r.Header.Get("Accept")) != "" {
			r.URL.Path = exportPath
		}
		return next(c)
	}
}

// exportType is the kind of file that is asked for; empty for none.
func exportType(accept string) string {
	for one := range strings.SplitSeq(accept, ",") {
		name, _, _ := strings.Cut(one, ";")
		if name = strings.TrimSpace(name); name == typeNDJSON || name == typeCSV {
			return name
		}
	}
	return ""
}

// getEntryExport answers a list of facts as a file, newest first.
func (s *Server) getEntryExport(c echo.Context) error {
	kind := exportType(c.Request().Header.Get("Accept"))
	if kind == "" {
		return problemf(http.StatusNotAcceptable, "ask for %s or %s with the header Accept", typeNDJSON, typeCSV)
	}
	most, err := exportLimit(c)
	if err != nil {
		return err
	}
	in, err := entriesInputOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	w, results, f, err := s.entryQuery(ctx, in)
	if err != nil {
		return err
	}
	f.Cursor, f.Limit = c.QueryParam("cursor"), min(most, exportPage)
	page, err := w.Entries(ctx, f) // An error of the first page is still a problem.
	if err != nil {
		return err
	}
	file := newEntryFile(c, kind)
	truncated := false
	for n := 0; ; {
		if err := file.write(s, results, page.Items); err != nil {
			return nil //nolint:nilerr // The reader has gone.
		}
		n += len(page.Items)
		if truncated = n >= most && page.Next != ""; truncated || page.Next == "" {
			break
		}
		f.Cursor, f.Limit = page.Next, min(most-n, exportPage)
		if page, err = w.Entries(ctx, f); err != nil {
			return err
		}
	}
	c.Response().Header().Set(trailerTruncated, map[bool]string{true: "true", false: "false"}[truncated])
	return nil
}

// exportLimit is how many facts are asked for, at most.
func exportLimit(c echo.Context) (int, error) {
	text := c.QueryParam("limit")
	if text == "" {
		return maxExport, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxExport {
		return 0, problemf(http.StatusUnprocessableEntity, "limit: %.40q is not a number from 1 to %d", text, maxExport)
	}
	return n, nil
}

// entryFile writes facts in one of two forms.
type entryFile struct {
	response *echo.Response
	csv      *csv.Writer
}

func newEntryFile(c echo.Context, kind string) entryFile {
	h := c.Response().Header()
	name := "evenkeel-events.ndjson"
	if kind == typeCSV {
		name = "evenkeel-events.csv"
	}
	h.Set("Content-Type", kind+"; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Trailer", trailerTruncated)
	h.Set("Vary", "Accept")
	c.Response().WriteHeader(http.StatusOK)
	f := entryFile{response: c.Response()}
	if kind == typeCSV {
		f.csv = csv.NewWriter(c.Response())
		_ = f.csv.Write([]string{
			"id", "kind", "at", "received_at", "source", "external_id", "environment", "status", "repository", "applications", "summary", "used_by", "fields",
		})
	}
	return f
}

// exportLine is a fact of an NDJSON export.
type exportLine struct {
	EntryView
	Fields map[string]any `json:"fields"`
}

func (f entryFile) write(s *Server, r *jobs.Results, entries []evenkeel.Entry) error {
	for i, view := range s.entryViews(r, entries) {
		fields, err := shownFields(entries[i].Fields)
		if err != nil {
			return err
		}
		if f.csv == nil {
			err = json.NewEncoder(f.response).Encode(exportLine{EntryView: view, Fields: fields})
		} else {
			err = f.csv.Write(csvRecord(view, fields))
		}
		if err != nil {
			return err
		}
	}
	if f.csv != nil {
		f.csv.Flush()
		return f.csv.Error()
	}
	return nil
}

func csvRecord(v EntryView, fields map[string]any) []string {
	slugs := make([]string, len(v.Belongs))
	for i, a := range v.Belongs {
		slugs[i] = a.Slug
	}
	received := ""
	if v.ReceivedAt != nil {
		received = v.ReceivedAt.Format(time.RFC3339Nano)
	}
	text, _ := json.Marshal(fields) // It was read from JSON.
	record := []string{
		v.ID, string(v.Kind), v.At.Format(time.RFC3339Nano), received, v.Source, v.ExternalID, v.Environment, v.Status, v.Repository,
		strings.Join(slugs, " "), v.Summary, strings.Join(v.UsedBy, " "), string(text),
	}
	for i, cell := range record {
		record[i] = plainCell(cell)
	}
	return record
}

// plainCell keeps spreadsheets from reading a text as a formula.
func plainCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
