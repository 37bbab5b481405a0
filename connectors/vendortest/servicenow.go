package vendortest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Row is a record of ServiceNow: values by column. A text for people follows a
// value behind a bar, "1|1 - Critical".
type Row map[string]string

// ServiceNow answers as the Table API does, from rows. It leaves conditions out
// that name no column, as instances do.
type ServiceNow struct {
	// Denied are tables that the user may not read, Hidden the sys_ids of records.
	Denied, Hidden map[string]bool
	// Token is given by the endpoint of OAuth, for so long.
	Token string
	Lasts time.Duration

	mu     sync.Mutex
	tables map[string]map[string]Row
	page   int
	tokens int
}

// NewServiceNow has the tables incident and change_request, without records.
// Its pages are of at most so many.
func NewServiceNow(page int) *ServiceNow {
	return &ServiceNow{Denied: map[string]bool{}, Hidden: map[string]bool{}, tables: map[string]map[string]Row{"incident": {}, "change_request": {}}, page: page, Lasts: 30 * time.Minute}
}

// Put sets a record by its sys_id.
func (s *ServiceNow) Put(table string, row Row) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tables[table] == nil {
		s.tables[table] = map[string]Row{}
	}
	s.tables[table][row["sys_id"]] = row
}

// Remove takes a record away.
func (s *ServiceNow) Remove(table, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tables[table], id)
}

// Tokens counts those that were given.
func (s *ServiceNow) Tokens() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens
}

// ServeHTTP implements http.Handler.
func (s *ServiceNow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	table, isTable := strings.CutPrefix(r.URL.Path, "/api/now/table/")
	switch {
	case r.URL.Path == "/oauth_token.do":
		s.grant(w, r)
	case !isTable:
		w.WriteHeader(http.StatusNotFound)
	case s.Denied[table]:
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"error":{"message":"User Not Authorized","detail":"Failed API level ACL Validation"},"status":"failure"}`)
	case s.tables[table] == nil:
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":{"message":"Invalid table","detail":null},"status":"failure"}`)
	default:
		s.rows(w, r, table)
	}
}

func (s *ServiceNow) grant(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("client_secret") != "good" {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error":"server_error","error_description":"access_denied"}`)
		return
	}
	s.tokens++
	answer(w, map[string]any{"access_token": s.Token, "token_type": "Bearer", "expires_in": int(s.Lasts / time.Second)})
}

func (s *ServiceNow) rows(w http.ResponseWriter, r *http.Request, table string) {
	query := r.URL.Query()
	found := s.found(table, query.Get("sysparm_query"))
	w.Header().Set("X-Total-Count", strconv.Itoa(len(found)))
	size, err := strconv.Atoi(query.Get("sysparm_limit"))
	if err != nil || size > s.page {
		size = s.page
	}
	offset, _ := strconv.Atoi(query.Get("sysparm_offset"))
	shown := []any{}
	for _, row := range found[min(offset, len(found)):min(offset+size, len(found))] {
		if !s.Hidden[row["sys_id"]] {
			shown = append(shown, s.shown(row, strings.Split(query.Get("sysparm_fields"), ",")))
		}
	}
	answer(w, map[string]any{"result": shown})
}

// shown is a record as ServiceNow answers with sysparm_display_value=all.
func (s *ServiceNow) shown(row Row, columns []string) map[string]any {
	shown := map[string]any{}
	for _, column := range columns {
		text, has := row[column]
		if way, end, walks := strings.Cut(column, "."); walks {
			to, _, _ := strings.Cut(row[way], "|")
			text, has = s.tables["change_request"][to][end]
		}
		if value, display, two := strings.Cut(text, "|"); has && two {
			shown[column] = map[string]any{"value": value, "display_value": display}
		} else if has {
			shown[column] = map[string]any{"value": text, "display_value": text}
		}
	}
	return shown
}

// found are the rows of an encoded query.
func (s *ServiceNow) found(table, query string) []Row {
	var list []Row
	for _, row := range s.tables[table] {
		if !slices.ContainsFunc(strings.Split(query, "^"), func(condition string) bool { return !holds(row, condition) }) {
			list = append(list, row)
		}
	}
	slices.SortFunc(list, func(a, b Row) int {
		for condition := range strings.SplitSeq(query, "^") {
			if column, down := strings.CutPrefix(condition, "ORDERBYDESC"); down && a[column] != b[column] {
				return cmp.Compare(b[column], a[column])
			} else if column, up := strings.CutPrefix(condition, "ORDERBY"); up && a[column] != b[column] {
				return cmp.Compare(a[column], b[column])
			}
		}
		return cmp.Compare(a["sys_id"], b["sys_id"])
	})
	return list
}

// holds says whether a condition is true of a row; of a column that no row has
// everything is.
func holds(row Row, condition string) bool {
	for _, operator := range []string{">=", "<", ">", "=", "IN"} {
		column, want, ok := strings.Cut(condition, operator)
		value, has := row[column]
		if !ok || !has {
			continue
		}
		value, _, _ = strings.Cut(value, "|")
		switch operator {
		case ">=":
			return value >= want
		case "<":
			return value < want
		case ">":
			return value > want
		case "=":
			return value == want
		}
		return slices.Contains(strings.Split(want, ","), value)
	}
	return true
}
