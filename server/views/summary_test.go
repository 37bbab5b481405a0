package views_test

import (
	"encoding/json"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

func TestAFactIsSaidInALine(t *testing.T) {
	t.Parallel()
	for want, fact := range map[string]struct {
		kind   evenkeel.Kind
		fields string
		actor  evenkeel.ActorKind
	}{
		"2.14.0 success (9m45s)":              {evenkeel.KindDeployment, `{"version":"2.14.0","status":"success","started_at":"2026-11-20T10:00:00Z","finished_at":"2026-11-20T10:09:45Z","actor_kind":"bot"}`, evenkeel.ActorBot},
		"aaaaaaaa success rollback":           {evenkeel.KindDeployment, `{"commit":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","repository":"h/r","status":"success","rollback_of":"1"}`, ""},
		"main":                                {evenkeel.KindDeployment, `{"ref":"main"}`, ""},
		"#12 merged +30 −7 in 1 file":         {evenkeel.KindChange, `{"number":12,"state":"merged","size":{"files":1,"added":30,"deleted":7}}`, ""},
		"#13 open +1 −0 in 2 files":           {evenkeel.KindChange, `{"number":13,"state":"open","size":{"files":2,"added":1,"deleted":0}}`, ""},
		"#14 merged reverts #12":              {evenkeel.KindChange, `{"number":14,"state":"merged","revert_of":"#12"}`, ""},
		"ci.yml failure attempt 2 (4m0s)":     {evenkeel.KindBuild, `{"pipeline":"ci.yml","result":"failure","attempt":2,"started_at":"2026-11-20T10:00:00Z","finished_at":"2026-11-20T10:04:00Z"}`, ""},
		"ci.yml running":                      {evenkeel.KindBuild, `{"pipeline":"ci.yml"}`, ""},
		"sev2 resolved after 36m0s":           {evenkeel.KindIncident, `{"severity":"sev2","opened_at":"2026-11-20T10:00:00Z","resolved_at":"2026-11-20T10:36:00Z"}`, ""},
		"open":                                {evenkeel.KindIncident, `{}`, ""},
		"checkout needs payments (observed)":  {evenkeel.KindDependency, `{"from":"checkout","to":"payments","basis":"observed"}`, ""},
		"debt open due 2026-12-01":            {evenkeel.KindWorkItem, `{"type":"debt","state":"open","due_at":"2026-12-01T00:00:00Z"}`, ""},
		"ranking changed (off 75 %, on 25 %)": {evenkeel.KindFlagChange, `{"flag":"ranking","action":"changed","after":{"on":true,"shares":{"on":0.25,"off":0.75}},"actor_kind":"human"}`, evenkeel.ActorHuman},
		"scan warn (2 open)":                  {evenkeel.KindEvidence, `{"check":"scan","result":"warn","value":"2 open"}`, ""},
		"":                                    {evenkeel.KindDeployment, `{"status":7}`, ""},
	} {
		got, actor := views.Summary(fact.kind, json.RawMessage(fact.fields))
		if got != want || actor != fact.actor {
			t.Errorf("%s %s: %q by %q, want %q by %q", fact.kind, fact.fields, got, actor, want, fact.actor)
		}
	}
}
