module github.com/evenkeel-dev/evenkeel

go 1.26.0
