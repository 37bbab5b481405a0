package connectors_test

import (
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
)

var (
	_ = sends("circleci", sender{sign: hexSigner("Circleci-Signature", "v1=")})
	_ = sends("bitbucket", sender{sign: hexSigner("X-Hub-Signature", "sha256=")})
	_ = sends("azure-devops", sender{key: true, sign: func(header http.Header, _ []byte, secret string) {
		header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("hook:"+secret)))
	}})
)

func TestPipelineRulesAreChecked(t *testing.T) {
	t.Parallel()
	rules := map[string]string{
		`{"deployments":[{"pipeline":"a"}]}`:                                              "deployments[0].environment",
		`{"deployments":[{"environment":"p"}]}`:                                           "deployments[0].pipeline",
		`{"deployments":[{"pipeline":"[","environment":"p"}]}`:                            "deployments[0].pipeline",
		`{"deployments":[{"pipeline":"a","environment":"p","application":"Not A Slug"}]}`: "deployments[0].application",
		`{"deployments":[{"pipeline":"a","environment":"p","branches":["main"]}]}`:        "deployments[0].branches",
	}
	for _, source := range []string{"circleci", "bitbucket", "azure-devops"} {
		settingsNameTheMistake(t, source, rules)
	}
	settingsNameTheMistake(t, "bitbucket", map[string]string{
		`{"host":"https://bitbucket.acme.example"}`:       "host",
		`{"deployments":[{"job":"a","environment":"p"}]}`: "deployments[0].job",
	})
	settingsNameTheMistake(t, "azure-devops", map[string]string{
		`{"organisation":"a/b"}`:       "organisation",
		`{"environments":{"Prod":""}}`: `environments["Prod"]`,
	})
}

func TestPipelineStoriesEndTheSame(t *testing.T) {
	t.Parallel()
	stage := fixtures(t, "azure-devops", "stage_running", "stage_failed", "stage")
	again := stage[2].with(t, map[string]any{"createdDate": "2026-03-05T09:00:00Z"})
	endTheSame(t, "azure-devops", map[string]story{
		"a stage that is run again until it works": {
			append(stage, again, stage[0].with(t, map[string]any{"createdDate": "2026-03-05T08:00:00Z"})),
			map[evenkeel.Kind]string{evenkeel.KindDeployment: `{"commit":"1dc6aa69429bff4806ad6afe58d3d8f57e25973e","environment":"production","finished_at":"2026-03-02T09:20:39.137Z","group":"run:480/production",` +
				`"ref":"main","repository":"dev.azure.com/acme/payments/_git/checkout","started_at":"2026-03-02T09:18:00Z","status":"success"}`},
		},
		"a classic release": {
			fixtures(t, "azure-devops", "release_started", "release_completed"),
			map[evenkeel.Kind]string{evenkeel.KindDeployment: `{"attempt":2,"commit":"1dc6aa69429bff4806ad6afe58d3d8f57e25973e","environment":"production","finished_at":"2026-03-02T09:33:00.2Z","origin":"azure-devops:acme/checkout-cd",` +
				`"repository":"dev.azure.com/acme/payments/_git/checkout","started_at":"2026-03-02T09:30:00.1Z","status":"success","version":"Release-1"}`},
		},
		"a pull request that is merged": {
			fixtures(t, "azure-devops", "pr_created", "pr_updated", "pr_merge_attempted", "pr_merged"),
			map[evenkeel.Kind]string{evenkeel.KindChange: `{"base":"main","closed_at":"2026-03-01T15:00:00.5Z","head":"1dc6aa69429bff4806ad6afe58d3d8f57e25973e","merge_commit":"eef717f69257a6333f221566c1c987dc94cc0d72",` +
				`"merged_at":"2026-03-01T15:00:00.5Z","number":17,"opened_at":"2026-03-01T10:00:00.1234567Z","ready_at":"2026-03-01T10:00:00.1234567Z","repository":"dev.azure.com/acme/payments/_git/checkout","state":"merged"}`},
		},
	})
	endTheSame(t, "bitbucket", map[string]story{
		"a build that deploys": {
			fixtures(t, "bitbucket", "status_created", "status_updated"),
			map[evenkeel.Kind]string{
				evenkeel.KindBuild:      `{"commit":"1dc6aa69429bff4806ad6afe58d3d8f57e25973e","finished_at":"2026-03-02T09:20:05Z","pipeline":"Pipeline #44 deploy to production","repository":"bitbucket.org/acme/checkout","result":"success","started_at":"2026-03-02T09:14:05Z"}`,
				evenkeel.KindDeployment: `{"commit":"1dc6aa69429bff4806ad6afe58d3d8f57e25973e","environment":"production","finished_at":"2026-03-02T09:20:05Z","ref":"main","repository":"bitbucket.org/acme/checkout","started_at":"2026-03-02T09:14:05Z","status":"success"}`,
			},
		},
		"a pull request of Cloud": {
			fixtures(t, "bitbucket", "pr_created", "pr_updated", "pr_approved", "pr_approved_by_its_author", "pr_fulfilled"),
			map[evenkeel.Kind]string{evenkeel.KindChange: `{"approved_at":"2026-03-01T13:00:00Z","base":"main","closed_at":"2026-03-01T15:00:00Z","first_review_at":"2026-03-01T13:00:00Z","merged_at":"2026-03-01T15:00:00Z","number":17,` +
				`"opened_at":"2026-03-01T10:00:00.123456Z","ready_at":"2026-03-01T10:00:00.123456Z","repository":"bitbucket.org/acme/checkout","state":"merged"}`},
		},
		"a pull request of Data Center": {
			fixtures(t, "bitbucket", "dc_opened", "dc_approved", "dc_merged"),
			map[evenkeel.Kind]string{evenkeel.KindChange: `{"approved_at":"2026-03-01T13:00:00Z","base":"main","closed_at":"2026-03-01T15:00:00Z","first_review_at":"2026-03-01T13:00:00Z","head":"1dc6aa69429bff4806ad6afe58d3d8f57e25973e",` +
				`"merge_commit":"850a1519f25d14e968649cc420d1bd381715c05c","merged_at":"2026-03-01T15:00:00Z","number":17,"opened_at":"2026-03-01T10:00:00Z","ready_at":"2026-03-01T10:00:00Z","repository":"bitbucket.acme.example/scm/pay/checkout","state":"merged"}`},
		},
	})
	endTheSame(t, "circleci", map[string]story{
		"a job that deploys": {
			fixtures(t, "circleci", "job", "job_no_rule", "workflow"),
			map[evenkeel.Kind]string{
				evenkeel.KindBuild: `{"commit":"1dc6aa69429bff4806ad6afe58d3d8f57e25973e","finished_at":"2026-03-02T09:21:34.17Z","pipeline":"build-test-deploy","queued_at":"2026-03-02T09:14:03.544Z","repository":"github.com/acme/checkout","result":"success","started_at":"2026-03-02T09:14:03.616Z"}`,
				evenkeel.KindDeployment: `{"application":"checkout","commit":"1dc6aa69429bff4806ad6afe58d3d8f57e25973e","environment":"production","finished_at":"2026-03-02T09:21:34.17Z","group":"workflow:fda08377-fe7e-46b1-8992-3a7aaecac9c3/production",` +
					`"ref":"main","repository":"github.com/acme/checkout","started_at":"2026-03-02T09:19:28.841Z","status":"success"}`,
			},
		},
	})
}
