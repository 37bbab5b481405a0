package views

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// LevelVersion is one version of a definition.
type LevelVersion struct {
	Number   int64     `json:"number"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Source   string    `json:"source" enum:"config,file,ui,suggestion,demo"`
	Name     string    `json:"name" doc:"The file or the suggestion it came from; empty if nothing names it"`
	Document string    `json:"document" doc:"OpenSLO, YAML"`
}

// LevelRemark is a remark on a document.
type LevelRemark struct {
	Line     int    `json:"line"`
	Field    string `json:"field"`
	Severity string `json:"severity" enum:"error,warning,note"`
	Text     string `json:"text"`
	Fix      string `json:"fix"`
	// Code is empty for errors, most of which keep a document from being kept.
	Code   string            `json:"code" enum:",alerts_untold,almost_nothing,alpha_method,alpha_slice,any_slice,capped,capped_policy,condition_always,condition_kind,condition_length,condition_missing,condition_op,condition_severity,condition_slow,condition_threshold,condition_wrong,conditions_several,details_unused,lookback_long,lookback_short,mean_ignores,minutes,no_counter,no_slices,no_slug,nothing_asked,other_window,policies_silent,promises_nothing,ratio_ignores,raw_occurrences,raw_type_alone,reference_unknown,rolling_months,rolls,secret,source_type_missing,spoiled,target_missing,targets_unused,unknown_field,weight_alone,whole_slices" doc:"Text and fix as a code; empty where they have none"`
	Values map[string]string `json:"values" nullable:"false" doc:"What fills the sentences of the code, by name"`
}

// LevelCorrection is what people said of a stretch of time.
type LevelCorrection struct {
	ID     string    `json:"id"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Mode   string    `json:"mode" enum:"exclude,good"`
	Reason string    `json:"reason"`
	Author string    `json:"author"`
	At     time.Time `json:"at"`
}

// LevelComposite is where several objectives stand as one.
type LevelComposite struct {
	Rule     string              `json:"rule" enum:"openslo,weighted,worst,serial"`
	SLI      *float64            `json:"sli"`
	Target   *float64            `json:"target"`
	Budget   LevelBudget         `json:"budget"`
	Coverage *float64            `json:"coverage"`
	Burn     map[string]*float64 `json:"burn" doc:"How fast the budget is spent over the last time, by its length; null where the rule has no value"`
	Lacks    map[string][]string `json:"lacks" doc:"Members of which nothing is known of the last time, by its length; the burn is then null, or that of the others"`
	Status   string              `json:"status" enum:"healthy,watch,at_risk,exhausted,no_data,too_few_events"`
	LevelReason
	Alert      *LevelAlert   `json:"alert" doc:"The gravest alert of all objectives as one; those of its members are theirs"`
	ExhaustsAt *time.Time    `json:"exhausts_at" doc:"When the budget is used up at the present pace; null is not within the window, unless no_forecast says why it is not known"`
	Exhausts   LevelForecast `json:"exhausts_range"`
	ThawsAt    *time.Time    `json:"thaws_at" doc:"When an exhausted budget has something left again; null is not within reach, unless no_forecast says why it is not known"`
	NoForecast string        `json:"no_forecast" doc:"Why there is no forecast; empty if there is one"`
	Unforeseen *LevelWhy     `json:"no_forecast_why" doc:"The same as a code; null if there is a forecast"`
	Members    []LevelMember `json:"members" nullable:"false"`
}

// LevelMember is one objective of a composite.
type LevelMember struct {
	Objective string   `json:"objective"`
	Weight    float64  `json:"weight"`
	SLI       *float64 `json:"sli"`
	Remaining *float64 `json:"remaining"`
	NoData    bool     `json:"no_data"`
	Worst     bool     `json:"worst"`
}

// LevelDetail is one service level.
type LevelDetail struct {
	ID          string            `json:"id"`
	Name        string            `json:"name"`
	Description string            `json:"description"`
	Application LevelApplication  `json:"application"`
	Statement   string            `json:"statement" doc:"What is promised, in one sentence"`
	Promise     *LevelPromise     `json:"promise" doc:"What the statement is made of; null where nothing is promised"`
	Method      string            `json:"method" enum:"Occurrences,Timeslices,RatioTimeslices"`
	Missing     string            `json:"missing" enum:"exclude,good,bad,hold"`
	Alerts      string            `json:"alerts" doc:"Window set that alerts come from; empty for none"`
	Problem     string            `json:"problem" doc:"Why it cannot be evaluated; empty if it can"`
	Budgets     []LevelRow        `json:"budgets" nullable:"false" doc:"One for each objective of each series"`
	Composite   *LevelComposite   `json:"composite"`
	Corrections []LevelCorrection `json:"corrections" nullable:"false"`
	Anomalies   []LevelAnomaly    `json:"anomalies" nullable:"false"`
	Measuring   *LevelMeasuring   `json:"measuring" doc:"How asking for it stands at present; null for what is sent, and as of an instant"`
	Sources     []LevelSource     `json:"sources" nullable:"false" doc:"The series that its budgets are measured by, and others of the same names that do not count"`
	Late        []LevelLate       `json:"late" nullable:"false" doc:"What became known late in the windows, the newest first; at most 50 stretches"`
	Remarks     []LevelRemark     `json:"remarks" nullable:"false"`
	Versions    []LevelVersion    `json:"versions" nullable:"false" doc:"The newest first"`
	At          time.Time         `json:"at"`
}

// NewLevelDetail shows a service level of a book.
func NewLevelDetail(book *budgets.Book, l *budgets.Level, versions []evenkeel.ServiceLevel, e LevelEvidence, c evenkeel.Catalogue) LevelDetail {
	show, d := newLevelShower(c), l.Definition
	v := LevelDetail{
		ID: l.ID, Name: show.named(l).Name, Description: d.Description, Application: show.application(l.Application), Statement: statement(d), Promise: promised(d),
		Method: show.named(l).Method, Missing: string(d.Missing), Alerts: d.Alerts, Problem: l.Problem, Budgets: show.level(l, book.At), Composite: newComposite(l),
		Corrections: []LevelCorrection{}, Anomalies: anomaliesOf(l, e), Measuring: e.Measuring, Sources: levelSources(l), Late: lateStretches(l, e), Remarks: Remarks(l.Remarks), Versions: []LevelVersion{}, At: book.At,
	}
	for _, c := range l.Corrections {
		v.Corrections = append(v.Corrections, LevelCorrection{c.ID, c.From, c.To, string(c.Mode), c.Reason, c.Author, c.At})
	}
	for _, one := range versions {
		v.Versions = append(v.Versions, LevelVersion{one.Number, one.At, one.By, string(one.Source.Kind), one.Source.Name, one.Document})
	}
	return v
}

// Remarks shows remarks on a document.
func Remarks(lints []openslo.Lint) []LevelRemark {
	list := []LevelRemark{}
	for _, l := range lints {
		values := l.Values
		if values == nil {
			values = map[string]string{}
		}
		list = append(list, LevelRemark{l.Line, l.Field, string(l.Severity), l.Text, l.Fix, l.Code, values})
	}
	return list
}

func newComposite(l *budgets.Level) *LevelComposite {
	if l.Composite == nil {
		return nil
	}
	a := l.Composite.Contractual
	v := LevelComposite{
		Rule: string(l.Definition.Composite), SLI: a.SLI, Budget: LevelBudget{Consumed: a.Consumed, Remaining: a.Remaining}, Coverage: a.Coverage,
		Burn: a.Burn, Lacks: map[string][]string{}, Status: string(a.Status), LevelReason: NewLevelReason(a.Reason), Alert: gravest(a.Alerts), NoForecast: a.Reason.Text, Unforeseen: NewLevelWhy(a.Reason), Members: []LevelMember{},
	}
	v.ExhaustsAt, v.ThawsAt, v.Exhausts = foretold(a.Forecast)
	if a.Burn == nil {
		v.Burn = map[string]*float64{}
	}
	c := a.Composite
	if c == nil { // It cannot be put together, and the reason says why.
		return &v
	}
	v.Target, v.NoForecast, v.Unforeseen = c.Target, c.Unforeseen.Text, NewLevelWhy(c.Unforeseen)
	if c.Lacks != nil {
		v.Lacks = c.Lacks
	}
	for i, m := range c.Members {
		v.Members = append(v.Members, LevelMember{m.Objective.Name, m.Objective.Weight, m.Result.SLI, m.Result.Remaining, m.NoData, i == c.Worst})
	}
	return &v
}

// NewLevelCorrection shows a correction that was kept.
func NewLevelCorrection(c evenkeel.Correction) LevelCorrection {
	return LevelCorrection{c.ID, c.From, c.To, string(c.Mode), c.Reason, c.Author, c.At}
}

// LevelPreview is where a document would stand.
type LevelPreview struct {
	ID        string        `json:"id"`
	Statement string        `json:"statement"`
	Problem   string        `json:"problem" doc:"Why it cannot be evaluated; empty if it can"`
	Remarks   []LevelRemark `json:"remarks" nullable:"false"`
	Budgets   []LevelRow    `json:"budgets" nullable:"false"`
}

// NewLevelPreview shows a document that is not kept.
func NewLevelPreview(l *budgets.Level, at time.Time, c evenkeel.Catalogue) LevelPreview {
	return LevelPreview{l.ID, statement(l.Definition), l.Problem, Remarks(l.Remarks), newLevelShower(c).level(l, at)}
}
