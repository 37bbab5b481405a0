package metrics

import "strings"

// Benchmark is what one year's survey published: either clusters of answers or
// how the answers were distributed. Clusters are the centres of groups of
// answers, not ordered thresholds and not a grade: in 2024 the high cluster
// failed more often than the medium one.
type Benchmark struct {
	ID   string        `json:"id"`
	Name string        `json:"name"`
	Year int           `json:"year"`
	Kind BenchmarkKind `json:"kind" enum:"cluster_centres,answer_distributions"`
	// Source is the page that publishes the set.
	Source string `json:"source"`
	// Quoted are pages that quote what was not read in the publication itself.
	Quoted []string `json:"quoted,omitempty"`
	// Respondents is how many answered; nil where it is not known.
	Respondents         *int     `json:"respondents,omitempty"`
	RespondentsEvidence Evidence `json:"respondents_evidence,omitempty" enum:"published,quoted,single,unverified"`
	// Shares are the shares of respondents by cluster; absent where unknown.
	Shares         map[string]float64 `json:"shares,omitempty"`
	SharesEvidence Evidence           `json:"shares_evidence,omitempty" enum:"published,quoted,single,unverified"`
	// Bands are by metric; empty for distributions. Deployment rework rate was
	// never published by cluster.
	Bands map[string][]Band `json:"bands"`
	// Distributions are by metric; absent for clusters.
	Distributions map[string]Distribution `json:"distributions,omitempty"`
}

// BenchmarkKind says what a survey published.
type BenchmarkKind string

// The kinds.
const (
	ClusterCentres      BenchmarkKind = "cluster_centres"
	AnswerDistributions BenchmarkKind = "answer_distributions"
)

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
	Evidence Evidence `json:"evidence" enum:"published,quoted,single,unverified"`
}

// Evidence says how well a benchmark value is sourced.
type Evidence string

// The kinds of evidence, best first.
const (
	// EvidencePublished was read in the publication itself.
	EvidencePublished Evidence = "published"
	// EvidenceQuoted was read in others' quotations that agree.
	EvidenceQuoted Evidence = "quoted"
	// EvidenceSingle was read in one quotation only.
	EvidenceSingle Evidence = "single"
	// EvidenceUnverified was read once and contradicts what is better known.
	EvidenceUnverified Evidence = "unverified"
)

// NoBenchmark is the id that shows none.
const NoBenchmark = "none"

// DefaultBenchmark is the id of the set that is shown unless another is chosen.
const DefaultBenchmark = "dora-2023"

const (
	hour  = 3600.0
	day   = 24 * hour
	week  = 7 * day
	month = 30 * day
	year  = 365 * day
)

// Benchmarks lists the known sets, oldest first. Years that published none are
// absent. A month is 30 days and half a year 182.5; "on demand" is once a day
// or more.
func Benchmarks() []Benchmark { return append(clusterSets(), answers2025()) }

// clusterSets are the years that published clusters. The shares of 2022 could
// not be confirmed and are left out.
func clusterSets() []Benchmark {
	const names4, names3 = "elite high medium low", "high medium low"
	return []Benchmark{
		{
			ID: "dora-2019", Name: "DORA 2019", Year: 2019, Kind: ClusterCentres, Source: "https://dora.dev/research/2019/dora-report/",
			Shares:         map[string]float64{"elite": 0.20, "high": 0.23, "medium": 0.44, "low": 0.12},
			SharesEvidence: EvidencePublished,
			Bands: bands(EvidencePublished, names4, clusters{
				frequency: "on-demand daily-weekly weekly-monthly monthly-halfyearly", lead: "<1d 1d-1w 1w-1m 1m-6m",
				recovery: "<1h <1d <1d 1w-1m", fail: []span{{0, 0.15}, {0, 0.15}, {0, 0.15}, {0.46, 0.60}},
			}),
		},
		{
			ID: "dora-2021", Name: "DORA 2021", Year: 2021, Kind: ClusterCentres, Source: "https://dora.dev/research/2021/dora-report/",
			Shares:         map[string]float64{"elite": 0.26, "high": 0.40, "medium": 0.28, "low": 0.07},
			SharesEvidence: EvidencePublished,
			Bands: bands(EvidencePublished, names4, clusters{
				frequency: "on-demand weekly-monthly monthly-halfyearly rarer", lead: "<1h 1d-1w 1m-6m >6m",
				recovery: "<1h <1d 1d-1w >6m", fail: []span{{0, 0.15}, {0.16, 0.30}, {0.16, 0.30}, {0.16, 0.30}},
			}),
		},
		{
			ID: "dora-2022", Name: "DORA 2022", Year: 2022, Kind: ClusterCentres, Source: "https://dora.dev/research/2022/dora-report/",
			Quoted: []string{"https://octopus.com/blog/new-devops-performance-clusters"},
			Bands: bands(EvidenceQuoted, names3, clusters{
				frequency: "on-demand weekly-monthly monthly-halfyearly", lead: "1d-1w 1w-1m 1m-6m",
				recovery: "<1d 1d-1w 1w-1m", fail: []span{{0, 0.15}, {0.16, 0.30}, {0.46, 0.60}},
			}),
		},
		{
			ID: "dora-2023", Name: "DORA 2023", Year: 2023, Kind: ClusterCentres, Source: "https://dora.dev/research/2023/dora-report/",
			Quoted:         []string{"https://octopus.com/blog/software-delivery-performance-clusters-2023"},
			Shares:         map[string]float64{"elite": 0.18, "high": 0.31, "medium": 0.33, "low": 0.17},
			SharesEvidence: EvidenceQuoted,
			Bands: publishedElite(bands(EvidenceQuoted, names4, clusters{
				frequency: "on-demand daily-weekly weekly-monthly weekly-monthly", lead: "<1d 1d-1w 1w-1m 1w-1m",
				recovery: "<1h <1d 1d-1w 1m-6m", typical: []float64{0.05, 0.10, 0.15, 0.64},
			})),
		},
		{
			ID: "dora-2024", Name: "DORA 2024", Year: 2024, Kind: ClusterCentres, Source: "https://dora.dev/research/2024/dora-report/",
			Quoted:         []string{"https://octopus.com/blog/2024-devops-performance-clusters", "https://redmonk.com/rstephens/2024/11/26/dora2024/"},
			Shares:         map[string]float64{"elite": 0.19, "high": 0.22, "medium": 0.35, "low": 0.25},
			SharesEvidence: EvidenceQuoted,
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
