package config

import (
	"fmt"
	"io/fs"
	"path"
	"path/filepath"

	yaml "go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// sloEntry is a member of slos: an OpenSLO document, or where files of them lie.
type sloEntry struct {
	at   place
	node *yaml.Node
	// path is relative to folder, the one of the configuration's file.
	path, folder string
}

// readSLOs takes the members of slos; their files are read by loadSLOs.
func (d *document) readSLOs(top object) {
	for i, one := range top.list("slos") {
		here := at(top.at.file, one, top.member("slos", i))
		if one.Kind == yaml.MappingNode {
			d.slos = append(d.slos, sloEntry{at: here, node: one})
		} else if text := d.text(top.at.file, one, top.member("slos", i)); text.given() {
			d.slos = append(d.slos, sloEntry{at: text.at, path: text.value, folder: d.folder})
		}
	}
}

// loadSLOs reads all documents together, so that they may refer to one another.
func (d *document) loadSLOs(fsys fs.FS, shown string) {
	var files []openslo.File
	for _, one := range d.slos {
		if one.node != nil {
			files = append(files, openslo.File{Name: one.at.file, Roots: []*yaml.Node{one.node}})
			continue
		}
		files = append(files, d.sloFiles(fsys, shown, one)...)
	}
	if len(files) == 0 {
		return
	}
	d.levels = openslo.Read(files...)
	for _, lint := range d.levels.Lints {
		if lint.Severity == openslo.Error {
			d.add(Problem{File: lint.File, Line: max(1, lint.Line), Column: 1, Where: lint.Field, What: lint.Text, Fix: lint.Fix})
		}
	}
}

// sloFiles are the files that a path of slos leads to.
func (d *document) sloFiles(fsys fs.FS, shown string, one sloEntry) (files []openslo.File) {
	name := path.Join(one.folder, filepath.ToSlash(one.path))
	if !fs.ValidPath(name) {
		d.add(one.at.problem(quoted(one.path)+" lies outside the folder of the configuration", "write a path within it"))
		return nil
	}
	names, err := fileNames(fsys, name)
	if err != nil || len(names) == 0 {
		d.add(one.at.problem(quoted(one.path)+" is no file and no folder of *.yaml files", "paths are relative to this file"))
		return nil
	}
	for _, name := range names {
		info, err := fs.Stat(fsys, name)
		if err == nil && info.Size() > openslo.MaxFile {
			err = fmt.Errorf("is %d bytes long; at most %d are read", info.Size(), openslo.MaxFile)
		}
		var text []byte
		if err == nil {
			text, err = fs.ReadFile(fsys, name)
		}
		if err != nil {
			d.add(one.at.problem(quoted(one.path)+" cannot be read: "+err.Error(), ""))
			continue
		}
		files = append(files, openslo.File{Name: filepath.Join(shown, name), Text: text})
	}
	return files
}

// serviceLevels are the documents as they are kept: each of its own, with what
// it refers to inline.
func (d *document) serviceLevels() (list []evenkeel.ServiceLevelChange) {
	for i, one := range d.levels.Definitions {
		text, err := openslo.YAML(openslo.FromDefinition(one))
		if err != nil {
			continue // What was read can be written.
		}
		list = append(list, evenkeel.ServiceLevelChange{
			ID: one.Name, Application: one.Service, Document: string(text), By: "config",
			Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromConfig, Name: d.levels.Sources[i]},
		})
	}
	return list
}
