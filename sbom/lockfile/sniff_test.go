package lockfile

import "testing"

// TestSniff tells files that are broken, odd or foreign.
func TestSniff(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, file, data string
		want             Kind
	}{
		{"nothing", "", "", ""},
		{"an empty file goes by its name", "Cargo.lock", "", CargoLock},
		{"a broken file goes by its name", "web.poetry.lock", "this is no TOML", PoetryLock},
		{"a file that is cut off", "x", `{"name": "a", "lockfileVersion": 3, "packages": {"": {"na`, PackageLock},
		{"content beats the name", "package-lock.json", "lockfileVersion: '9.0'\n", PnpmLock},
		{"shrinkwrap", "npm-shrinkwrap.json", `{"name": "a", "dependencies": {}}`, PackageLock},
		{"a path of Windows", `C:\work\Gemfile.lock`, "PLATFORMS\n  ruby\n", GemfileLock},
		{"gems.locked", "gems.locked", "PLATFORMS\n  ruby\n", GemfileLock},
		{"a name in front", "buildscript-gradle.lockfile", "empty=\n", GradleBuildscript},
		{"requirements of a folder", "requirements/main.txt", "Flask\n", Requirements},
		{"requirements of a purpose", "requirements-dev.txt", "Flask\n", Requirements},
		{"requirements without a name", "", "Flask==1.0 # why\n-r other.txt\n", Requirements},
		{"one of several pylock files", "pylock.dev.toml", "", PylockTOML},
		{"prose", "README", "hello world\n", ""},
		{"prose with equal signs", "", "version = 1\n", ""},
		{"a manifest", "package.json", `{"name": "a", "dependencies": {"b": "^1"}}`, ""},
		{"CycloneDX", "bom.json", `{"bomFormat": "CycloneDX", "version": 1, "dependencies": []}`, ""},
		{"other XML", "bom.xml", "<bom/>", ""},
		{"keys of inner objects do not count", "", `{"a": {"lockfileVersion": 3}, "b": "lockfileVersion"}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := Sniff(tt.file, []byte(tt.data))
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("Sniff = %q, %t, want %q", got, ok, tt.want)
			}
		})
	}
}
