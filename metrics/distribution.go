package metrics

import (
	"slices"
)

// Distribution is how the answers to one question were spread, best first.
type Distribution struct {
	Answers []Answer `json:"answers" nullable:"false"`
	// ImpliedMean is the mean answer that the shares give, and PublishedMean
	// the one the survey publishes elsewhere, both from 0 to 10: answers of a
	// scale are two points apart, and ten percent are one point.
	ImpliedMean   float64 `json:"implied_mean"`
	PublishedMean float64 `json:"published_mean"`
	// Consistent says that the two agree. Only then can anything be said of
	// where a value lies among the answers.
	Consistent bool `json:"consistent"`
}

// Answer is one answer and the share of those who gave it. From and To bound a
// half-open range in the metric's unit; a nil To is open.
type Answer struct {
	Name     string   `json:"name"`
	From     float64  `json:"from"`
	To       *float64 `json:"to"`
	Share    float64  `json:"share"`
	Evidence Evidence `json:"evidence" enum:"published,quoted,single,unverified"`
	// points is the answer on a scale from 0 to 10.
	points float64
}

// agreement is how far two means of one question may lie apart.
const agreement = 0.5

func newDistribution(published float64, answers ...Answer) Distribution {
	d := Distribution{Answers: answers, PublishedMean: published}
	for _, a := range answers {
		d.ImpliedMean += a.Share * a.points
	}
	distance := d.ImpliedMean - published
	d.Consistent = -agreement <= distance && distance <= agreement
	return d
}

// answer makes one; an end of 0 is open.
func answer(name string, from, to, percent, points float64, e Evidence) Answer {
	a := Answer{Name: name, From: from, Share: percent / 100, points: points, Evidence: e}
	if to > 0 {
		a.To = &to
	}
	return a
}

// percentAnswers are the answers in percent, each up to the next.
func percentAnswers(percent []float64, e []Evidence) []Answer {
	bounds := []float64{0, 2, 4, 8, 16, 32, 64, 100}
	names := []string{"0-2", "2-4", "4-8", "8-16", "16-32", "32-64", "over-64"}
	var list []Answer
	for i, name := range names {
		a := answer(name, bounds[i]/100, bounds[i+1]/100, percent[i], (bounds[i]+bounds[i+1])/20, e[i])
		if i == len(names)-1 {
			a.To = nil
		}
		list = append(list, a)
	}
	return list
}

// durationAnswers are the six answers of a scale of durations.
func durationAnswers(percent []float64, e []Evidence) []Answer {
	bounds := []float64{0, hour, day, week, month, year / 2, 0}
	names := []string{"under-1h", "1h-1d", "1d-1w", "1w-1m", "1m-6m", "over-6m"}
	var list []Answer
	for i, name := range names {
		list = append(list, answer(name, bounds[i], bounds[i+1], percent[i], float64(10-2*i), e[i]))
	}
	return list
}

// answers2025 are the distributions of 2025. "On demand" is more than once a
// day on request, so that it overlaps with "between once an hour and once a
// day". Rows of which only a sum is confirmed are marked as read once; the
// rework rows contradict the published mean, so that they are probably in
// another order.
func answers2025() Benchmark {
	const quoted, single, unverified = EvidenceQuoted, EvidenceSingle, EvidenceUnverified
	respondents := 4867
	same := func(e Evidence) []Evidence { return slices.Repeat([]Evidence{e}, 7) }
	return Benchmark{
		ID: "dora-2025", Name: "DORA 2025", Year: 2025, Kind: AnswerDistributions, Source: "https://dora.dev/research/2025/dora-report/",
		Respondents: &respondents, RespondentsEvidence: single, Bands: map[string][]Band{},
		Distributions: map[string]Distribution{
			metricFrequency: newDistribution(4.8,
				answer("on-demand", 1, 0, 16.2, 10, quoted), answer("hourly-daily", 1, 24, 6.5, 8, single),
				answer("daily-weekly", 1.0/7, 1, 21.9, 6, single), answer("weekly-monthly", 1.0/30, 1.0/7, 31.5, 4, single),
				answer("monthly-halfyearly", 2.0/365, 1.0/30, 20.3, 2, single), answer("rarer", 0, 2.0/365, 3.6, 0, single)),
			metricLeadTime: newDistribution(5.5, durationAnswers([]float64{9.4, 15.0, 31.9, 28.3, 13.2, 2.0},
				[]Evidence{quoted, single, quoted, single, single, single})...),
			metricRecovery: newDistribution(7.4, durationAnswers([]float64{21.3, 35.3, 28.0, 9.4, 4.9, 1.0}, same(single))...),
			metricFailRate: newDistribution(1.9, percentAnswers([]float64{8.5, 8.1, 19.6, 26.0, 19.5, 12.5, 5.9},
				[]Evidence{quoted, single, single, quoted, single, single, single})...),
			string(MetricRework): newDistribution(2.2, percentAnswers([]float64{7.3, 12.8, 26.5, 26.1, 15.4, 6.9, 5},
				[]Evidence{quoted, unverified, unverified, quoted, unverified, unverified, unverified})...),
		},
	}
}

// Standing says where a value lies among answers: between the best Above and
// the best Within of them. A value lies in a range of answers, so that nothing
// finer can be said; a value that is not well known lies in several.
type Standing struct {
	Set         string   `json:"set"`
	Name        string   `json:"name"`
	Year        int      `json:"year"`
	Source      string   `json:"source"`
	Respondents int      `json:"respondents"`
	Answers     []string `json:"answers" nullable:"false"`
	// Above is the share of better answers, Within that of answers as good or better.
	Above  float64 `json:"above" minimum:"0" maximum:"1"`
	Within float64 `json:"within" minimum:"0" maximum:"1"`
	// Evidence is that of the weakest row that was added up.
	Evidence Evidence `json:"evidence" enum:"published,quoted,single,unverified"`
}

// Standings are where figures lie among the latest answers; nil where that
// cannot be said.
type Standings struct {
	Frequency *Standing `json:"deployment_frequency"`
	LeadTime  *Standing `json:"change_lead_time"`
	FailRate  *Standing `json:"change_fail_rate"`
	Recovery  *Standing `json:"failed_deployment_recovery_time"`
	Rework    *Standing `json:"deployment_rework_rate"`
}

// StandingsOf places a report's figures by their 95 % intervals. Answers are
// about one application or service: the number of deployments of several
// together (one is false) has no place among them. Durations have one where
// the policy makes medians of them, as answers are about what is usual.
func StandingsOf(r Report, one bool) Standings {
	var s Standings
	if sameValue(r.LeadTime.Value, r.LeadTime.Median) {
		s.LeadTime = standing(metricLeadTime, r.LeadTime.Low, r.LeadTime.High)
	}
	if sameValue(r.Recovery.Value, r.Recovery.Median) {
		s.Recovery = standing(metricRecovery, r.Recovery.Low, r.Recovery.High)
	}
	if one && r.Frequency.Deployments >= fewCases {
		s.Frequency = standing(metricFrequency, r.Frequency.Low, r.Frequency.High)
	}
	if r.FailRate.N >= fewCases {
		s.FailRate = standing(metricFailRate, r.FailRate.Low, r.FailRate.High)
		s.Rework = standing(string(MetricRework), r.Rework.Low, r.Rework.High)
	}
	return s
}

func sameValue(a, b *float64) bool { return a != nil && b != nil && *a == *b }

// standing finds the answers that an interval touches in the latest set.
func standing(metric string, low, high *float64) *Standing {
	set := answers2025()
	d, ok := set.Distributions[metric]
	if low == nil || high == nil || !ok || !d.Consistent {
		return nil
	}
	s := &Standing{Set: set.ID, Name: set.Name, Year: set.Year, Source: set.Source, Respondents: *set.Respondents, Evidence: EvidencePublished}
	order := []Evidence{EvidencePublished, EvidenceQuoted, EvidenceSingle, EvidenceUnverified}
	better, through := 0.0, 0
	for i, a := range d.Answers {
		if *high >= a.From && (a.To == nil || *low < *a.To) {
			if len(s.Answers) == 0 {
				s.Above = better
			}
			s.Answers, s.Within, through = append(s.Answers, a.Name), better+a.Share, i
		}
		better += a.Share
	}
	for _, a := range d.Answers[:through+1] {
		if slices.Index(order, a.Evidence) > slices.Index(order, s.Evidence) {
			s.Evidence = a.Evidence
		}
	}
	s.Within = min(s.Within, 1) // Rounded shares add up to a little more.
	return s
}
