package metrics

// Joined is the results of several applications, ready for questions about one
// environment: what several of them share is taken once. It is immutable and
// safe for concurrent use. Its answers are those of the functions of the same
// names, which join anew for every question.
type Joined struct{ all *union }

// Join gets results ready for questions about an environment, which is named
// as in [Query]. The environment of the questions is not looked at.
func Join(environment string, parts ...Derived) *Joined { return &Joined{join(environment, parts)} }

// Compute is [Compute] over what was joined.
func (j *Joined) Compute(q Query) Report { return j.all.asked(q).compute() }

// Headline is [Headline] over what was joined.
func (j *Joined) Headline(q Query) Report {
	u := j.all.asked(q)
	c, _ := u.span()
	return u.headline(c)
}

// Series is [Series] over what was joined.
func (j *Joined) Series(q Query, g Grain) []Bucket { return j.all.asked(q).series("", q.Window, g) }

// Trend is [Trend] over what was joined.
func (j *Joined) Trend(q Query, g Grain, wanted *float64) ([]Bucket, Controls) {
	return j.all.asked(q).trend(g, wanted)
}

// Same says that two results are one: those of the same facts by the same
// rules, derived once.
func (d Derived) Same(o Derived) bool { return d.lookup != nil && d.lookup == o.lookup }
