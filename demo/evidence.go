package demo

import (
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	checkSource = "checks:larkmoor"
	boardSource = "board:larkmoor"
	// evidenceWeeks is how long the company has run its checks.
	evidenceWeeks = 26
)

// noteEvidence adds the weekly checks of every application.
func noteEvidence(c company, o Options, l *ledger) {
	today := o.Now.Truncate(day)
	for _, t := range c.teams {
		for _, a := range t.apps {
			if a.silent || a.quietSince > 0 {
				continue
			}
			r := newChance(o.Seed, "evidence "+a.slug)
			for week := evidenceWeeks; week >= 1; week-- {
				at := today.Add(-time.Duration(7*week)*day + 5*time.Hour + r.between(0, 40*time.Minute))
				noteScan(l, a, at, r)
				if week%13 == 0 && a.tier > 0 && a.tier <= 2 {
					noteDrill(l, a, at.Add(6*time.Hour), r)
				}
			}
		}
	}
}

func noteScan(l *ledger, a application, at time.Time, r chance) {
	open := r.count(0.5)
	e := &evenkeel.Evidence{Application: a.slug, Check: "dependency-scan", Result: evenkeel.EvidencePass, Value: strconv.Itoa(open) + " open", At: at}
	switch {
	case open > 2:
		e.Result = evenkeel.EvidenceFail
	case open > 0:
		e.Result = evenkeel.EvidenceWarn
	}
	l.add(at, checkSource, a.slug+"/dependency-scan/"+at.Format(time.DateOnly), e)
}

func noteDrill(l *ledger, a application, at time.Time, r chance) {
	minutes := 8 + r.IntN(70)
	e := &evenkeel.Evidence{Application: a.slug, Check: "restore-drill", Result: evenkeel.EvidencePass, Value: strconv.Itoa(minutes) + " min", At: at}
	if minutes > 60 {
		e.Result = evenkeel.EvidenceFail
	}
	l.add(at, checkSource, a.slug+"/restore-drill/"+at.Format(time.DateOnly), e)
}

// noteWork adds debt, security and other items of the teams' boards.
func noteWork(c company, o Options, l *ledger) {
	today := o.Now.Truncate(day)
	for _, t := range c.teams {
		for _, a := range t.apps {
			if a.silent || a.exactly > 0 || a.quietSince > 0 {
				continue
			}
			r := newChance(o.Seed, "work "+a.slug)
			for n := range 6 + r.IntN(10) {
				noteItem(l, a, "LARK-"+a.slug+"-"+strconv.Itoa(n+1), today.Add(-time.Duration(2+r.IntN(240))*day+r.between(7*time.Hour, 16*time.Hour)), r)
			}
		}
	}
}

func noteItem(l *ledger, a application, id string, opened time.Time, r chance) {
	w := evenkeel.WorkItem{
		Application: a.slug, State: evenkeel.WorkOpen, OpenedAt: opened,
		Type: []evenkeel.WorkType{evenkeel.WorkFeature, evenkeel.WorkBug, evenkeel.WorkDebt, evenkeel.WorkSecurity, evenkeel.WorkUnplanned}[r.weighted(40, 25, 20, 9, 6)],
	}
	if w.Type == evenkeel.WorkSecurity {
		w.DueAt = opened.Truncate(day).Add(30 * day)
	}
	reported := w
	l.add(opened, boardSource, id, &reported)
	if !r.often(0.8) {
		return
	}
	w.State, w.StartedAt = evenkeel.WorkStarted, opened.Add(r.spread(6*day, 0.9))
	started := w
	l.add(w.StartedAt, boardSource, id, &started)
	if r.often(0.85) {
		w.State, w.ClosedAt = evenkeel.WorkClosed, w.StartedAt.Add(r.spread(4*day, 0.9))
		l.add(w.ClosedAt, boardSource, id, &w)
	}
}
