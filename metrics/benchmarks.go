package metrics

import "strings"

// Benchmark is one year's published survey clusters. They are the centres of
// clusters of answers, not ordered thresholds and not a grade: in 2024 the
// high cluster failed more often than the medium one.
type Benchmark struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Year int    `json:"year"`
	// Source is the page that publishes the set.
	Source string `json:"source"`
	// Shares are the shares of respondents by cluster; absent where unknown.
	Shares map[string]float64 `json:"shares,omitempty"`
	// Bands are by metric. Deployment rework rate was never published by cluster.
	Bands map[string][]Band `json:"bands"`
}

// Band is what one cluster answered for one metric: a range or a value.
// Deployment frequency is per day, durations are seconds, rates shares of 1.
type Band struct {
	// Name is elite, high, medium or low.
	Name string `json:"name"`
	// From and To bound a half-open range; a nil To is open.
	From *float64 `json:"from,omitempty"`
	To   *float64 `json:"to,omitempty"`
	// Value is the cluster's typical answer where the survey asked for a number.
	Value    *float64 `json:"value,omitempty"`
	Evidence Evidence `json:"evidence"`
}

// Evidence says how well a benchmark value is sourced.
type Evidence string

// The kinds of evidence, best first.
const (
	// EvidencePublished was read in the publication itself.
	EvidencePublished Evidence = "published"
	// EvidenceQuoted was read in others' quotations that agree.
	EvidenceQuoted Evidence = "quoted"
)

// DefaultBenchmark is the id of the set that is shown unless another is chosen.
const DefaultBenchmark = "dora-2023"

const (
	hour  = 3600.0
	day   = 24 * hour
	week  = 7 * day
	month = 30 * day
	year  = 365 * day
)

// Benchmarks lists the known sets, oldest first. Years without clusters are
// absent. A month is 30 days and half a year 182.5; "on demand" is once a day
// or more.
func Benchmarks() []Benchmark {
	const names4, names3 = "elite high medium low", "high medium low"
	return []Benchmark{
		{
			ID: "dora-2019", Name: "DORA 2019", Year: 2019, Source: "https://dora.dev/research/2019/dora-report/",
			Shares: map[string]float64{"elite": 0.20, "high": 0.23, "medium": 0.44, "low": 0.12},
			Bands: bands(EvidencePublished, names4, clusters{
				frequency: "on-demand daily-weekly weekly-monthly monthly-halfyearly", lead: "<1d 1d-1w 1w-1m 1m-6m",
				recovery: "<1h <1d <1d 1w-1m", fail: []span{{0, 0.15}, {0, 0.15}, {0, 0.15}, {0.46, 0.60}},
			}),
		},
		{
			ID: "dora-2021", Name: "DORA 2021", Year: 2021, Source: "https://dora.dev/research/2021/dora-report/",
			Shares: map[string]float64{"elite": 0.26, "high": 0.40, "medium": 0.28, "low": 0.07},
			Bands: bands(EvidencePublished, names4, clusters{
				frequency: "on-demand weekly-monthly monthly-halfyearly rarer", lead: "<1h 1d-1w 1m-6m >6m",
				recovery: "<1h <1d 1d-1w >6m", fail: []span{{0, 0.15}, {0.16, 0.30}, {0.16, 0.30}, {0.16, 0.30}},
			}),
		},
		{
			ID: "dora-2022", Name: "DORA 2022", Year: 2022, Source: "https://dora.dev/research/2022/dora-report/",
			Bands: bands(EvidenceQuoted, names3, clusters{
				frequency: "on-demand weekly-monthly monthly-halfyearly", lead: "1d-1w 1w-1m 1m-6m",
				recovery: "<1d 1d-1w 1w-1m", fail: []span{{0, 0.15}, {0.16, 0.30}, {0.46, 0.60}},
			}),
		},
		{
			ID: "dora-2023", Name: "DORA 2023", Year: 2023, Source: "https://dora.dev/research/2023/dora-report/",
			Shares: map[string]float64{"elite": 0.18, "high": 0.31, "medium": 0.33, "low": 0.17},
			Bands: publishedElite(bands(EvidenceQuoted, names4, clusters{
				frequency: "on-demand daily-weekly weekly-monthly weekly-monthly", lead: "<1d 1d-1w 1w-1m 1w-1m",
				recovery: "<1h <1d 1d-1w 1m-6m", typical: []float64{0.05, 0.10, 0.15, 0.64},
			})),
		},
		{
			ID: "dora-2024", Name: "DORA 2024", Year: 2024, Source: "https://dora.dev/research/2024/dora-report/",
			Shares: map[string]float64{"elite": 0.19, "high": 0.22, "medium": 0.35, "low": 0.25},
			Bands: bands(EvidenceQuoted, names4, clusters{
				frequency: "on-demand daily-weekly weekly-monthly monthly-halfyearly", lead: "<1d 1d-1w 1w-1m 1m-6m",
				recovery: "<1h <1d <1d 1w-1m", typical: []float64{0.05, 0.20, 0.10, 0.40},
			}),
		},
	}
}

// BenchmarkNamed finds a set by id.
func BenchmarkNamed(id string) (Benchmark, bool) {
	for _, b := range Benchmarks() {
		if b.ID == id {
			return b, true
		}
	}
	return Benchmark{}, false
}

// span is a half-open range; an end of 0 is open.
type span struct{ from, to float64 }

// clusters names the answers of each cluster, best cluster first.
type clusters struct {
	frequency, lead, recovery string
	fail                      []span
	typical                   []float64
}

// answers are the ranges that the survey's answers stand for.
func answers() map[string]span {
	return map[string]span{
		"on-demand": {1, 0}, "daily-weekly": {1.0 / 7, 1}, "weekly-monthly": {1.0 / 30, 1.0 / 7},
		"monthly-halfyearly": {2.0 / 365, 1.0 / 30}, "rarer": {0, 2.0 / 365},
		"<1h": {0, hour}, "<1d": {0, day}, "1d-1w": {day, week}, "1w-1m": {week, month}, "1m-6m": {month, year / 2}, ">6m": {year / 2, 0},
	}
}

func bands(e Evidence, names string, c clusters) map[string][]Band {
	cluster := strings.Fields(names)
	ranges := func(texts string) []Band {
		out := make([]Band, len(cluster))
		for i, text := range strings.Fields(texts) {
			out[i] = rangeBand(cluster[i], answers()[text], e)
		}
		return out
	}
	fail := make([]Band, len(cluster))
	for i := range cluster {
		if c.typical != nil {
			fail[i] = Band{Name: cluster[i], Value: &c.typical[i], Evidence: e}
			continue
		}
		fail[i] = rangeBand(cluster[i], c.fail[i], e)
	}
	return map[string][]Band{
		metricFrequency: ranges(c.frequency), metricLeadTime: ranges(c.lead), metricRecovery: ranges(c.recovery), metricFailRate: fail,
	}
}

func rangeBand(name string, s span, e Evidence) Band {
	b := Band{Name: name, From: &s.from, Evidence: e}
	if s.to > 0 {
		b.To = &s.to
	}
	return b
}

// publishedElite marks the elite row as read in the publication itself; the
// other rows were read in quotations.
func publishedElite(all map[string][]Band) map[string][]Band {
	for _, list := range all {
		list[0].Evidence = EvidencePublished
	}
	return all
}
