package wire_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"loadline/graph/wire"
	"loadline/spool"
)

// field is a part of a form; one with a file name is a file.
type field struct{ name, value, file string }

func form(fields ...field) request {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		header := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + f.name + `"`}}
		if f.file != "" {
			header.Set("Content-Disposition", `form-data; name="`+f.name+`"; filename="`+f.file+`"`)
		}
		p, err := w.CreatePart(header)
		if err == nil {
			_, err = io.WriteString(p, f.value)
		}
		if err != nil {
			panic(err)
		}
	}
	w.Close()
	return request{body: b.String()}.with("Content-Type", w.FormDataContentType()).with("GraphQL-Require-Preflight", "true")
}

// many is a form of n files.
func many(n int) request {
	fields := []field{
		{"operations", `{"query":"mutation($f: [Upload!]!) { receiveAll(files: $f) { filename } }","variables":{"f":[` + strings.Repeat("null,", n-1) + `null]}}`, ""},
		{"map", "{" + strings.TrimSuffix(numbered(n, `"%[1]d":["variables.f.%[1]d"],`), ",") + "}", ""},
	}
	for i := range n {
		fields = append(fields, field{strconv.Itoa(i), "x", "a.txt"})
	}
	return form(fields...)
}

func TestForms(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	base := serve(t, wire.Options{MaxUpload: 4 << 20})
	one := field{"operations", `{"query":"mutation($f: Upload!) { receive(file: $f) { filename size content } }","variables":{"f":null}}`, ""}
	large := field{"operations", `{"query":"mutation($f: Upload!) { receive(file: $f) { size } }","variables":{"f":null}}`, ""}
	two := field{"operations", `{"query":"mutation($f: [Upload!]!) { receiveAll(files: $f) { filename content } }","variables":{"f":[null,null]}}`, ""}
	place := func(text string) field { return field{"map", text, ""} }
	file := field{"0", "hello ž", "a.txt"}
	for name, test := range map[string]struct {
		request request
		status  int
		want    string
	}{
		"a file":                            {form(one, place(`{"0":["variables.f"]}`), file), 200, `{"data":{"receive":{"filename":"a.txt","size":8,"content":"hello ž"}}}`},
		"an empty file":                     {form(one, place(`{"0":["variables.f"]}`), field{"0", "", "e"}), 200, `{"data":{"receive":{"filename":"e","size":0,"content":""}}}`},
		"a file that is not kept in memory": {form(large, place(`{"0":["variables.f"]}`), field{"0", strings.Repeat("x", 3<<20), "l"}), 200, `{"data":{"receive":{"size":3145728}}}`},
		"two files":                         {form(two, place(`{"0":["variables.f.0"],"1":["variables.f.1"]}`), file, field{"1", "B", "b.txt"}), 200, `{"data":{"receiveAll":[{"filename":"a.txt","content":"hello ž"},{"filename":"b.txt","content":"B"}]}}`},
		"a file at two places":              {form(two, place(`{"0":["variables.f.0","variables.f.1"]}`), file), 200, `{"data":{"receiveAll":[{"filename":"a.txt","content":"hello ž"},{"filename":"a.txt","content":"hello ž"}]}}`},
		"without files":                     {form(field{"operations", `{"query":"{ motto }"}`, ""}, place(`{}`)), 200, `{"data":`},
		"from a page of ours":               {form(one, place(`{"0":["variables.f"]}`), file).with("GraphQL-Require-Preflight", "").with("Sec-Fetch-Site", "same-origin"), 200, `{"data":`},
		"without leave":                     {form(one, place(`{"0":["variables.f"]}`), file).with("GraphQL-Require-Preflight", ""), 400, "{\"errors\":[{\"message\":\"a multipart request needs the header"},
		"without operations":                {form(place(`{}`)), 400, `{"errors":`},
		"without a map":                     {form(one), 400, `{"errors":`},
		"operations that are no JSON":       {form(field{"operations", "{", ""}, place(`{}`)), 400, `{"errors":`},
		"a map that is no map":              {form(one, place(`[1]`), file), 400, `{"errors":`},
		"a file that does not come":         {form(one, place(`{"0":["variables.f"]}`)), 400, `{"errors":[{"message":"the file \"0\" of`},
		"a file without a place":            {form(one, place(`{}`), file), 400, `{"errors":`},
		"a place that is nowhere":           {form(one, place(`{"0":["variables.f.x.y"]}`), file), 400, `{"errors":`},
		"a place that is not there":         {form(one, place(`{"0":["variables.g"]}`), file), 400, `{"errors":`},
		"a place outside of the variables":  {form(one, place(`{"0":["query"]}`), file), 400, `{"errors":`},
		"a place behind the list":           {form(two, place(`{"0":["variables.f.7"]}`), file), 400, `{"errors":`},
		"a place before the list":           {form(two, place(`{"0":["variables.f.-1"]}`), file), 400, `{"errors":`},
		"a place that is taken":             {form(one, place(`{"0":["variables.f","variables.f"]}`), file), 400, `{"errors":`},
		"a file that is too large":          {form(one, place(`{"0":["variables.f"]}`), field{"0", strings.Repeat("x", 6<<20), "l"}), 413, `{"errors":[{"message":"the request is too long`},
		"as many files as allowed":          {many(100), 200, `{"data":`},
		"too many files":                    {many(101), 400, `{"errors":[{"message":"the form has more than 100 files`},
		"a header that is too long":         {form(one, place(`{"0":["variables.f"]}`), field{"0", "x", strings.Repeat("n", 20<<10)}), 400, `{"errors":[{"message":"a part has a header of more than`},
		"operations that are too long":      {form(field{"operations", strings.Repeat(" ", 2<<20), ""}, place(`{}`)), 413, `{"errors":`},
	} {
		t.Run(name, func(t *testing.T) {
			a := send(t, base, test.request)
			if a.status != test.status || !strings.HasPrefix(a.text, test.want) {
				t.Errorf("%d %.300s\nwant %d %s", a.status, a.text, test.status, test.want)
			}
		})
	}
	if left, err := filepath.Glob(filepath.Join(temporary, "*")); err != nil || len(left) > 0 {
		t.Errorf("files are left: %v %v", left, err)
	}
}

// What says that it is too long is refused before it is read; what does not say so,
// when it has turned out to be.
func TestTooLong(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{MaxUpload: 4 << 20, MaxOperation: 4 << 20})
	for name, r := range map[string]request{
		"a form":  form(field{"operations", `{"query":"{ motto }","variables":{"f":null}}`, ""}, field{"map", `{"0":["variables.f"]}`, ""}, field{"0", strings.Repeat("x", 5<<20+64<<10), "l"}),
		"a query": request{body: post("{ motto }").body + strings.Repeat(" ", 4<<20+64<<10)}.with("Content-Type", "application/json"),
	} {
		t.Run(name+" that says so", func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nGraphQL-Require-Preflight: true\r\nContent-Type: "+r.header["Content-Type"]+"\r\nContent-Length: 1073741824\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			got := make([]byte, 12)
			if _, err := io.ReadFull(conn, got); err != nil || string(got) != "HTTP/1.1 413" {
				t.Errorf("%s %v", got, err)
			}
		})
		t.Run(name+" that does not", func(t *testing.T) {
			t.Parallel()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base, io.MultiReader(strings.NewReader(r.body)))
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range r.header {
				req.Header.Set(name, value)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusRequestEntityTooLarge {
				t.Error(resp.Status)
			}
		})
	}
}

// All requests that are being sent have one bound on what they keep on disk, of
// whatever kind they are and however small their files.
func TestSpaceForRequests(t *testing.T) {
	t.Parallel()
	space := spool.New(2 << 20)
	base := serve(t, wire.Options{MaxUpload: 8 << 20, Spool: space})
	small := strings.Repeat("x", 600<<10)
	files := form(field{"operations", `{"query":"{ motto }","variables":{"f":[null,null]}}`, ""}, field{"map", `{"0":["variables.f.0"],"1":["variables.f.1"]}`, ""},
		field{"0", small, "a"}, field{"1", small, "b"})
	others := space.Content(-1)
	if _, err := others.ReadFrom(strings.NewReader(strings.Repeat("x", 1<<20))); err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]request{"files": files, "a long request": long("{ motto }")} {
		a := send(t, base, r)
		if a.status != http.StatusServiceUnavailable || !strings.Contains(a.text, `"code":"BUSY"`) || !strings.Contains(a.text, "all the space") || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %v %s", name, a.status, a.header, a.text)
		}
	}
	if a := send(t, base, post("{ motto }")); a.status != http.StatusOK {
		t.Errorf("a small one: %d %s", a.status, a.text)
	}
	others.Close()
	for range 3 { // each gives its space free
		if a := send(t, base, files); a.status != http.StatusOK {
			t.Errorf("afterwards: %d %s", a.status, a.text)
		}
	}
}
