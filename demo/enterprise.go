package demo

import (
	"fmt"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// The organisation of [Enterprise]: a company of units of departments of
// teams, 400 groups together.
const (
	enterpriseUnits        = 8
	enterpriseDepartments  = 40
	enterpriseTeams        = 351
	enterpriseApplications = 1200
	enterpriseCapabilities = 60
)

// Enterprise invents the year of [Large] for a company of 400 groups four deep
// and 1,200 applications, of which every tenth changed hands half a year ago,
// and 60 business capabilities.
func Enterprise(changes int, seed uint64, now time.Time) World {
	return large(enterpriseApplications, changes, seed, now, enterpriseCatalogue(now))
}

func enterpriseCatalogue(now time.Time) evenkeel.Catalogue {
	c := evenkeel.Catalogue{Groups: []evenkeel.Group{{Slug: "enterprise", Name: "Enterprise"}}}
	level := func(noun string, n int, parent func(i int) string) {
		for i := range n {
			c.Groups = append(c.Groups, evenkeel.Group{Slug: fmt.Sprintf("%s-%03d", noun, i), Name: noun + " " + strconv.Itoa(i), Parent: parent(i)})
		}
	}
	level("unit", enterpriseUnits, func(int) string { return "enterprise" })
	level("department", enterpriseDepartments, func(i int) string { return fmt.Sprintf("unit-%03d", i%enterpriseUnits) })
	level("team", enterpriseTeams, func(i int) string { return fmt.Sprintf("department-%03d", i%enterpriseDepartments) })
	for i := range enterpriseCapabilities {
		c.Capabilities = append(c.Capabilities, evenkeel.Group{Slug: fmt.Sprintf("capability-%02d", i), Name: "Capability " + strconv.Itoa(i)})
	}
	for i := range enterpriseApplications {
		c.Applications = append(c.Applications, enterpriseApplication(i, now))
	}
	return c
}

func enterpriseApplication(i int, now time.Time) evenkeel.Application {
	slug := largeSlug(i)
	team := func(i int) string { return fmt.Sprintf("team-%03d", i%enterpriseTeams) }
	a := evenkeel.Application{
		ID: slug, Slug: slug, Name: "Service " + strconv.Itoa(i), Group: team(i), Capability: fmt.Sprintf("capability-%02d", i%enterpriseCapabilities),
		Tier: evenkeel.Tier(1 + i%4), Cadence: "weekly", Claims: []string{"repo:" + largeRepository(i)},
	}
	if i%10 == 0 {
		a.Owners = []evenkeel.Ownership{{Group: team(i + 1)}, {Group: a.Group, From: now.UTC().Truncate(day).Add(-182 * day)}}
	}
	return a
}
