package connectors

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	// maxOwnershipFiles is how many files of one repository are read.
	maxOwnershipFiles = 5000
	// maxLocationSteps is how many Locations may lead to one another.
	maxLocationSteps = 8
)

// GatherOwnership reads the files at a path that tell who owns what: of a git
// repository those of HEAD, of another folder those that lie there, or one
// file. Locations are followed within the repository or folder. The errors
// wrap ErrInvalid, and ErrDenied for a repository that git distrusts.
func GatherOwnership(ctx context.Context, name string) (OwnershipFiles, error) {
	info, err := os.Stat(name)
	if err != nil {
		return OwnershipFiles{}, fmt.Errorf("%s does not exist or cannot be read; give a file, a folder or a git repository: %w", strconv.Quote(name), evenkeel.ErrInvalid)
	}
	if !info.IsDir() {
		return oneOwnershipFile(name)
	}
	g, err := OpenGit(ctx, name)
	switch {
	case err == nil:
		return g.ownership(ctx)
	case errors.Is(err, evenkeel.ErrInvalid), errors.Is(err, evenkeel.ErrNotFound): // No repository, or no git.
		return folderOwnership(name)
	}
	return OwnershipFiles{}, err
}

func oneOwnershipFile(name string) (OwnershipFiles, error) {
	base := filepath.Base(name)
	if !isYAML(base) && base != "CODEOWNERS" {
		return OwnershipFiles{}, fmt.Errorf("%s is neither YAML nor called CODEOWNERS: %w", strconv.Quote(name), evenkeel.ErrInvalid)
	}
	file, err := os.Open(name)
	if err != nil {
		return OwnershipFiles{}, fmt.Errorf("%w: %w", evenkeel.ErrInvalid, err)
	}
	defer file.Close()
	text, err := readCapped(file)
	return OwnershipFiles{Texts: map[string][]byte{base: text}}, err
}

// readCapped reads one byte more than is allowed at most, so that what is too
// long is told.
func readCapped(r io.Reader) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r, MaxOwnershipFile+1))
}

// folderOwnership reads a folder; nothing outside it is read, wherever links
// lead.
func folderOwnership(name string) (OwnershipFiles, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return OwnershipFiles{}, fmt.Errorf("%w: %w", evenkeel.ErrInvalid, err)
	}
	defer root.Close()
	full, err := filepath.Abs(name)
	if err != nil {
		return OwnershipFiles{}, fmt.Errorf("%w: %w", evenkeel.ErrInvalid, err)
	}
	paths, err := folderPaths(root.FS())
	if err != nil {
		return OwnershipFiles{}, fmt.Errorf("%w: %w", evenkeel.ErrInvalid, err)
	}
	files := OwnershipFiles{Repository: gitLocalName(filepath.Base(full)), Whole: true}
	err = files.gather(paths, func(wanted []string) (map[string][]byte, error) {
		texts := map[string][]byte{}
		for _, one := range wanted {
			file, err := root.Open(one)
			if err != nil {
				return nil, fmt.Errorf("%w: %w", evenkeel.ErrInvalid, err)
			}
			texts[one], err = readCapped(file)
			if err := errors.Join(err, file.Close()); err != nil {
				return nil, fmt.Errorf("%w: %w", evenkeel.ErrInvalid, err)
			}
		}
		return texts, nil
	})
	return files, err
}

// folderPaths lists the plain files of a folder that can be of interest.
func folderPaths(fsys fs.FS) (paths []string, err error) {
	err = fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil && entry != nil && entry.IsDir() && name != ".":
			return fs.SkipDir // What may not be read says nothing.
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "node_modules"):
			return fs.SkipDir
		case entry.Type().IsRegular() && (isYAML(name) || WantsOwnership(name)):
			paths = append(paths, name)
		}
		return nil
	})
	return paths, err
}

// gather reads what is wanted of the paths, and what Locations there name.
func (f *OwnershipFiles) gather(paths []string, read func(wanted []string) (map[string][]byte, error)) error {
	f.Texts = map[string][]byte{}
	wanted := slices.DeleteFunc(slices.Clone(paths), func(name string) bool { return !WantsOwnership(name) })
	for range maxLocationSteps {
		if len(f.Texts)+len(wanted) > maxOwnershipFiles {
			return fmt.Errorf("there are more than %d files that tell of ownership; give folders one by one: %w", maxOwnershipFiles, evenkeel.ErrInvalid)
		}
		if len(wanted) == 0 {
			return nil
		}
		texts, err := read(wanted)
		if err != nil {
			return err
		}
		for _, name := range wanted {
			f.Texts[name] = texts[name]
		}
		wanted = f.unread(paths, texts)
	}
	return nil
}

// unread lists the files that Locations in some texts name and that were not
// read yet.
func (f *OwnershipFiles) unread(paths []string, texts map[string][]byte) []string {
	targets, _ := OwnershipTargets(OwnershipFiles{Texts: texts})
	if len(targets) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(paths), func(name string) bool {
		_, done := f.Texts[name]
		return done || !isYAML(name) || !slices.ContainsFunc(targets, func(target string) bool { return MatchesTarget(target, name) })
	})
}

// ownership reads the files of HEAD.
func (g *Git) ownership(ctx context.Context) (OwnershipFiles, error) {
	head, err := g.commit(ctx, "HEAD")
	if err != nil {
		return OwnershipFiles{}, err
	}
	tree, err := g.output(ctx, nil, "ls-tree", "-r", "-z", "--full-tree", head)
	if err != nil {
		return OwnershipFiles{}, err
	}
	files := OwnershipFiles{Repository: g.repository, Commit: head, Whole: true}
	blobs := map[string]string{}
	for line := range strings.SplitSeq(string(tree), "\x00") {
		about, name, _ := strings.Cut(line, "\t")
		if words := strings.Fields(about); len(words) == 3 && strings.HasPrefix(words[0], "100") {
			files.Paths = append(files.Paths, name)
			blobs[name] = words[2]
		}
	}
	err = files.gather(files.Paths, func(wanted []string) (map[string][]byte, error) { return g.blobs(ctx, wanted, blobs) })
	files.Paths = sampled(files.Paths)
	return files, err
}

// sampled is an even sample of paths that is large enough to tell shares.
func sampled(paths []string) []string {
	step := (len(paths) + ownedSample - 1) / ownedSample
	if step <= 1 {
		return paths
	}
	paths = slices.Sorted(slices.Values(paths))
	var some []string
	for i := 0; i < len(paths); i += step {
		some = append(some, paths[i])
	}
	return some
}

// blobs reads the texts of files by their object ids.
func (g *Git) blobs(ctx context.Context, wanted []string, ids map[string]string) (map[string][]byte, error) {
	var ask strings.Builder
	for _, name := range wanted {
		ask.WriteString(ids[name] + "\n")
	}
	texts := map[string][]byte{}
	err := g.stream(ctx, strings.NewReader(ask.String()), func(r io.Reader) error {
		in := bufio.NewReader(r)
		for _, name := range wanted {
			text, err := readBlob(in)
			if err != nil {
				return fmt.Errorf("git cat-file: %s: %w", gitShort(name), err)
			}
			texts[name] = text
		}
		return nil
	}, "cat-file", "--batch")
	return texts, err
}

// readBlob reads one answer of git cat-file --batch: "id blob size", the text
// and a line end.
func readBlob(in *bufio.Reader) ([]byte, error) {
	head, err := in.ReadString('\n')
	if err != nil {
		return nil, err
	}
	words := strings.Fields(head)
	if len(words) != 3 {
		return nil, fmt.Errorf("the object is missing; fetch it, or clone again: %w", evenkeel.ErrInvalid)
	}
	size, err := strconv.ParseInt(words[2], 10, 64)
	if err != nil || size < 0 {
		return nil, fmt.Errorf("the size %q is no number: %w", words[2], evenkeel.ErrInvalid)
	}
	text, err := readCapped(io.LimitReader(in, size))
	if err != nil {
		return nil, err
	}
	_, err = io.CopyN(io.Discard, in, size-int64(len(text))+1)
	return text, err
}
