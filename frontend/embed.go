// Package frontend carries the built user interface inside the Go binary.
//
// The bundle is made by "npm run build" in this folder and lies in dist/app,
// which is not under version control. Without it the committed page
// dist/index.html is served, which says how to build the interface, so that
// the Go code builds on a machine without Node.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// bundle is the folder the build writes into, page its entry document.
const (
	root   = "dist"
	bundle = "dist/app"
	page   = bundle + "/index.html"
)

// Built reports whether the binary carries the built user interface. False
// means that Dist holds the placeholder page only.
func Built() bool {
	info, err := fs.Stat(dist, page)
	return err == nil && info.Mode().IsRegular()
}

// Dist returns the files to serve: the built bundle with index.html and
// assets/ at its root, or, when the bundle was not built, a file system whose
// index.html is the placeholder page. It never returns nil.
func Dist() fs.FS {
	folder := root
	if Built() {
		folder = bundle
	}
	files, err := fs.Sub(dist, folder)
	if err != nil {
		return dist
	}
	return files
}
