package lockfile

import (
	"errors"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"loadline/purl"
)

// readGoMod reads go.mod. Replacements are applied as the main module's are;
// excluded and retracted versions are not components. What go.sum adds for
// modules before Go 1.17 is not here.
func readGoMod(b *builder, data []byte) error {
	file, err := modfile.Parse("go.mod", data, nil)
	if err != nil {
		if list := (modfile.ErrorList{}); errors.As(err, &list) && len(list) > 0 {
			first := list[0]
			if first.Err != nil {
				return malformed(lineNo(max(first.Pos.Line, 1)), "%v", first.Err)
			}
		}
		return malformed("", "%s", strings.TrimPrefix(err.Error(), "go.mod:"))
	}
	if file.Module != nil {
		b.lock.Name = file.Module.Mod.Path
	}
	if file.Go != nil {
		b.lock.Version = file.Go.Version
	}
	replaced := map[module.Version]*modfile.Replace{}
	for _, r := range file.Replace {
		replaced[r.Old] = r
	}
	for _, require := range file.Require {
		location := lineNo(require.Syntax.Start.Line)
		mod := require.Mod
		r := replaced[mod]
		if r == nil {
			r = replaced[module.Version{Path: mod.Path}]
		}
		if r != nil {
			if r.New.Version == "" {
				b.warn(WarnLocalPackage, location, "%s %s is replaced by the folder %q: its version is not known", mod.Path, mod.Version, clip(r.New.Path))
				mod.Version = ""
			} else {
				b.warn(WarnReplaced, location, "%s %s is replaced by %s %s", mod.Path, mod.Version, r.New.Path, r.New.Version)
				mod = r.New
			}
		}
		b.direct(b.addGo(location, mod), !require.Indirect)
	}
	if file.Go == nil || goBefore117(file.Go.Version) {
		b.warn(WarnNotFollowed, "", "before Go 1.17 a go.mod holds only direct dependencies: those that only go.sum holds are missing")
	}
	return nil
}

func (b *builder) addGo(location string, mod module.Version) int {
	id := purl.PURL{Type: "golang", Name: mod.Path, Version: mod.Version}
	if i := strings.LastIndexByte(mod.Path, '/'); i >= 0 {
		id.Namespace, id.Name = mod.Path[:i], mod.Path[i+1:]
	}
	return b.add(location, Package{Key: mod.Path, PURL: id, Name: mod.Path, Version: mod.Version})
}

// goBefore117 reports whether a go directive is older than 1.17, from which on
// go.mod lists indirect dependencies too.
func goBefore117(version string) bool {
	minor, ok := strings.CutPrefix(version, "1.")
	if !ok {
		return false
	}
	minor, _, _ = strings.Cut(minor, ".")
	return len(minor) == 1 || len(minor) == 2 && minor < "17"
}
