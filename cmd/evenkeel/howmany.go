package main

import (
	"fmt"

	"github.com/evenkeel-dev/evenkeel/config"
)

// howMany says how many of something there are: 1 file, 2 files.
func howMany(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// holds says how much a configuration has of what it is for.
func holds(c config.Config) string {
	return fmt.Sprintf("%s, %s, %s and %s", howMany(len(c.Catalogue.Groups), "group", "groups"), howMany(len(c.Catalogue.Applications), "application", "applications"),
		howMany(len(c.Connections), "connection", "connections"), howMany(len(c.ServiceLevels), "SLO", "SLOs"))
}
