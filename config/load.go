package config

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// MaxFile is the size in bytes of the largest file that is read.
const MaxFile = 16 << 20

// Load reads a file, or every *.yaml file directly in a folder, from disk. A
// name that does not exist or cannot be read is an error of package fs; any
// mistake in the text is a [Problems] with all mistakes.
func Load(name string) (Config, error) {
	info, err := os.Stat(name)
	if err != nil {
		return Config{}, fmt.Errorf("config: %w", err)
	}
	if info.IsDir() {
		return load(os.DirFS(name), ".", name)
	}
	return load(os.DirFS(filepath.Dir(name)), filepath.Base(name), filepath.Dir(name))
}

func load(fsys fs.FS, name, shown string) (Config, error) {
	names, err := fileNames(fsys, name)
	if err != nil {
		return Config{}, fmt.Errorf("config: %w", err)
	}
	var d document
	if len(names) == 0 {
		d.add(place{file: filepath.Join(shown, name), line: 1, column: 1}.problem("holds no *.yaml file", ""))
	}
	for _, one := range names {
		if err := d.readFile(fsys, one, filepath.Join(shown, one)); err != nil {
			return Config{}, fmt.Errorf("config: %w", err)
		}
	}
	d.loadSLOs(fsys, shown)
	d.check()
	if len(d.problems) > 0 {
		return Config{}, d.problems.sorted()
	}
	return d.config(), nil
}

// fileNames lists the files of a folder in the order of their names, or the
// file itself. Hidden files are left out.
func fileNames(fsys fs.FS, name string) ([]string, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{name}, nil
	}
	entries, err := fs.ReadDir(fsys, name)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		if ext := path.Ext(entry.Name()); ext == ".yaml" || ext == ".yml" {
			names = append(names, path.Join(name, entry.Name()))
		}
	}
	return names, nil
}

func (d *document) readFile(fsys fs.FS, name, shown string) error {
	top := place{file: shown, line: 1, column: 1}
	d.files = append(d.files, shown)
	if path.Ext(name) == ".yml" {
		d.refuse(top.problem("is not read, because its name ends in .yml", "rename it to .yaml"))
		return nil
	}
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return err
	}
	if info.Size() > MaxFile {
		d.refuse(top.problem(fmt.Sprintf("is %d bytes long; at most %d are read", info.Size(), MaxFile), "split it into several files of one folder"))
		return nil
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	d.folder = path.Dir(name)
	d.parse(shown, data)
	return nil
}

// config is the checked content. It must only be called without problems.
func (d *document) config() Config {
	c := Config{
		Workspace: d.workspace.value,
		Server:    Server{Listen: d.listen.value, PublicURL: strings.TrimRight(d.publicURL.value, "/")},
		Store:     Store{DSN: Secret(d.dsn.value)},
		Policy:    d.policy(),
		Retention: d.retention(),
		Files:     d.files,
	}
	if c.Workspace == "" {
		c.Workspace = DefaultWorkspace
	}
	if c.Server.Listen == "" {
		c.Server.Listen = DefaultListen
	}
	c.Catalogue.Groups, c.Catalogue.Capabilities = groupsOf(d.groups), groupsOf(d.capabilities)
	for _, a := range d.applications {
		c.Catalogue.Applications = append(c.Catalogue.Applications, a.application(c.Policy.Location()))
	}
	c.Connections, c.Notify = d.connectionList(), d.notifierList()
	if d.levels != nil {
		c.ServiceLevels, c.Remarks = d.serviceLevels(), d.levels.Lints
	}
	return c
}

func nameOf(slug, name text) string {
	if name.value == "" {
		return slug.value
	}
	return name.value
}
