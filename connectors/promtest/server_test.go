package promtest_test

import (
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel/connectors/promtest"
)

// TestWhatIsWrittenDownIsAnswered: a server on data of the past answers as of
// the past; a scrape that is left out is a gap.
func TestWhatIsWrittenDownIsAnswered(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	server := promtest.Start(t, []promtest.Series{{
		Name: "requests_total", Labels: map[string]string{"code": "200"},
		Samples: promtest.Every(from, time.Minute, 1, 2, math.NaN(), 4),
	}})
	ask := url.Values{"query": {"count_over_time(requests_total[5m])"}, "time": {from.Add(4 * time.Minute).Format(time.RFC3339)}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/v1/query?"+ask.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string `json:"metric"`
				Value  [2]any            `json:"value"`
			} `json:"result"`
		} `json:"data"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if found := answer.Data.Result; len(found) != 1 || found[0].Value[1] != "3" || found[0].Metric["code"] != "200" {
		t.Errorf("answer: %+v", answer)
	}
}

func TestPromtoolIsFound(t *testing.T) {
	t.Parallel()
	if out, err := promtest.Promtool(t.Context(), t, "--version"); err != nil || !strings.Contains(out, "promtool") {
		t.Errorf("%q, %v", out, err)
	}
	if _, err := promtest.Promtool(t.Context(), t, "check", "rules", "/none"); err == nil {
		t.Error("no error for a file that is not there")
	}
}
