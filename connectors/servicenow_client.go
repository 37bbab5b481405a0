package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

// servicenowClient asks one instance.
type servicenowClient struct {
	*asker
	settings servicenowSettings
	outside  Outside
}

func newServicenowClient(settings servicenowSettings, o Outside) (*servicenowClient, error) {
	credentials, err := servicenowCredentials(settings.API, o)
	if err != nil {
		return nil, err
	}
	asks, err := newAsker("ServiceNow", settings.API.URL, credentials, o)
	if err != nil {
		return nil, err
	}
	asks.reason = servicenowReason
	return &servicenowClient{asker: asks, settings: settings, outside: o}, nil
}

// servicenowCredentials are those that the settings name.
func servicenowCredentials(api *servicenowAPI, o Outside) (outgoing.Credentials, error) {
	secrets := map[string]string{"api.token": api.Token, "api.password": api.Password, "api.client_secret": api.ClientSecret}
	for field, reference := range secrets {
		if reference == "" {
			continue
		}
		secret, err := resolveSecret(o, field, reference)
		if err != nil {
			return nil, err
		}
		secrets[field] = secret
	}
	switch {
	case api.Token != "":
		return outgoing.Bearer(secrets["api.token"]), nil
	case api.ClientID == "":
		return outgoing.Basic{Name: api.User, Password: secrets["api.password"]}, nil
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {api.ClientID}, "client_secret": {secrets["api.client_secret"]}}
	if api.User != "" {
		form.Set("grant_type", "password")
		form.Set("username", api.User)
		form.Set("password", secrets["api.password"])
	}
	base, err := baseAddress(api.URL)
	if err != nil {
		return nil, err
	}
	return newOAuth(base, "oauth_token.do", form, o), nil
}

// servicenowReason is what ServiceNow says of a request that it refuses.
func servicenowReason(body []byte) string {
	var said struct {
		Error struct {
			Message string `json:"message"`
			Detail  string `json:"detail"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	return firstText(said.Error.Detail, said.Error.Message)
}

// servicenowRow is a record as ServiceNow answers.
type servicenowRow map[string]servicenowValue

// UnmarshalJSON reads the columns, of which one without a text for people is a
// text itself.
func (v *servicenowValue) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '{' {
		type plain servicenowValue
		return json.Unmarshal(text, (*plain)(v))
	}
	*v = servicenowValue{}
	return json.Unmarshal(text, &v.Value)
}

// rows asks for records of a table. total counts those that the query finds,
// those that the user may not see among them; 0 where ServiceNow does not say.
func (c *servicenowClient) rows(ctx context.Context, table, query string, columns []string, offset, limit int) (rows []servicenowRow, total int, err error) {
	parameters := url.Values{
		"sysparm_query": {query}, "sysparm_fields": {joined(columns)}, "sysparm_display_value": {"all"}, "sysparm_exclude_reference_link": {"true"},
		"sysparm_limit": {strconv.Itoa(limit)}, "sysparm_offset": {strconv.Itoa(offset)},
	}
	var answer struct {
		Result []servicenowRow `json:"result"`
	}
	header, err := c.get(ctx, "api/now/table/"+table+"?"+parameters.Encode(), &answer)
	if err != nil {
		return nil, 0, err
	}
	total, _ = strconv.Atoi(header.Get("X-Total-Count"))
	return answer.Result, total, nil
}

// Look implements Puller.
func (c *servicenowClient) Look(ctx context.Context) (evenkeel.Access, error) {
	access := evenkeel.Access{Identity: "a user of " + c.base.Host}
	if c.settings.API.ClientID != "" && c.settings.API.User == "" {
		access.Identity = "an OAuth client of " + c.base.Host
	}
	seen := map[string]bool{}
	for _, list := range c.lists() {
		access.Streams = append(access.Streams, list.name)
		if seen[list.table] {
			continue
		}
		seen[list.table] = true
		permission, err := c.permission(ctx, list)
		if err != nil {
			return access, err
		}
		access.Permissions = append(access.Permissions, permission)
	}
	access.Limits = c.callLimits()
	return access, nil
}

// permission tries to read one record of a table.
func (c *servicenowClient) permission(ctx context.Context, list servicenowList) (evenkeel.Permission, error) {
	granted := true
	p := evenkeel.Permission{Name: list.table + ": read", For: list.use, Granted: &granted}
	rows, _, err := c.rows(ctx, list.table, list.query, list.columns(&c.settings), 0, 1)
	switch {
	case errors.Is(err, ErrRefused):
		return p, err
	case errors.Is(err, evenkeel.ErrDenied), errors.Is(err, evenkeel.ErrInvalid), errors.Is(err, evenkeel.ErrNotFound):
		granted, p.For = false, err.Error()
	case err != nil:
		return p, err
	case len(rows) > 0 && rows[0]["sys_updated_on"].Value == "":
		granted, p.For = false, "the user may not read the column sys_updated_on"
	}
	return p, nil
}
