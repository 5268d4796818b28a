package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
)

// engine is what differs between the databases.
type engine struct {
	dialect  goose.Dialect
	bind     int                    // sqlx's name for the style of placeholders
	tables   string                 // counts the tables that there are, and those of ours
	words    *strings.Replacer      // macros without an argument
	patterns []pattern              // macros with arguments
	list     func(any) (any, error) // how a slice of keys is handed over
	columns  bool                   // whether rows are inserted as a list for each column
	classify func(error) error      // driver errors as ours: what they mean, or a Fault
	// How transactions are isolated: those that behave as if they ran one after the
	// other, those that need not, and those that read one state.
	serial, loose, view *sql.TxOptions
	again               func(error) bool // whether a transaction is to be run again
	alone               string           // has one that is run again wait for others that are
	// How changes are numbered in the order of their commits: a lock that is held
	// until then, if one is needed, and the next number.
	turn, number string
	copying      copySpelling
	rendered     sync.Map // statement as written -> as the database wants it
}

type pattern struct {
	macro    *regexp.Regexp
	spelling string
}

// The macros of statements. Lists are one argument whatever their length, so
// that the text of a statement, and with it its prepared form, stays the same.
//
//	{{in COLUMN}}              COLUMN is in the list of the next placeholder
//	{{numbers ALIAS}}          a table of the list of numbers: ALIAS.value
//	{{texts ALIAS}}            a table of the list of texts: ALIAS.value
//	{{pairs ALIAS A T B T}}    a table of a list of pairs: ALIAS.A, ALIAS.B
//	{{sets ALIAS}}             a table of a list of pairs of a name and a list of
//	                           numbers: ALIAS.name, ALIAS.members
//	{{in COLUMN of ALIAS}}     COLUMN is in ALIAS.members
//	{{pick TABLE (KEY)}} SELECT … {{end}}
//	                           joins the rows whose KEY the correlated,
//	                           limited SELECT gives
var (
	inMacro      = regexp.MustCompile(`\{\{in ([\w.]+)\}\}`)
	numbersMacro = regexp.MustCompile(`\{\{numbers (\w+)\}\}`)
	textsMacro   = regexp.MustCompile(`\{\{texts (\w+)\}\}`)
	pairsMacro   = regexp.MustCompile(`\{\{pairs (\w+) (\w+) (\w+) (\w+) (\w+)\}\}`)
	setsMacro    = regexp.MustCompile(`\{\{sets (\w+)\}\}`)
	inSetMacro   = regexp.MustCompile(`\{\{in ([\w.]+) of (\w+)\}\}`)
	pickMacro    = regexp.MustCompile(`(?s)\{\{pick (\w+) \((\w+)(?:, (\w+))?\)\}\}(.*?)\{\{end\}\}`)
)

func newSQLite() *engine {
	return &engine{
		dialect: goose.DialectSQLite3,
		bind:    sqlx.QUESTION,
		tables: `
			SELECT
				COUNT(*),
				COUNT(*) FILTER (WHERE name = 'goose_db_version')
			FROM sqlite_master
			WHERE type = 'table'`,
		words: strings.NewReplacer(
			"{{id}}", "INTEGER PRIMARY KEY AUTOINCREMENT",
			"{{text}}", "TEXT",
			"{{blob}}", "BLOB",
			"{{json}}", "TEXT",
			"{{clustered}}", "WITHOUT ROWID",
			"{{like}}", "LIKE",
			"{{skip locked}}", "",
			"{{own ids}}", "",
		),
		patterns: []pattern{
			{inMacro, "$1 IN (SELECT value FROM json_each(?))"},
			{numbersMacro, "json_each(?) AS $1"},
			{textsMacro, "json_each(?) AS $1"},
			{pairsMacro, "(SELECT value ->> 0 AS $2, value ->> 1 AS $4 FROM json_each(?)) AS $1"},
			{setsMacro, "(SELECT value ->> 0 AS name, value -> 1 AS members FROM json_each(?)) AS $1"},
			{inSetMacro, "$1 IN (SELECT value FROM json_each($2.members))"},
		},
		list:     jsonList,
		classify: classifySQLite,
		// There is one writer, and a transaction that reads sees one state.
		again: func(error) bool { return false },
		number: `
			UPDATE generation
			SET number = number + 1
			RETURNING number`,
		copying: copySpelling{
			tables: `
				SELECT name
				FROM sqlite_master
				WHERE type = 'table' AND name NOT LIKE 'sqlite%'
				ORDER BY rowid`,
			key: `
				SELECT name
				FROM pragma_table_info(?)
				WHERE pk > 0
				ORDER BY pk`,
			last: `
				SELECT COALESCE(MAX(seq), 0)
				FROM sqlite_sequence
				WHERE name = ?`,
			setLast: []string{`
				UPDATE sqlite_sequence
				SET seq = ?2
				WHERE name = ?1`, `
				INSERT INTO sqlite_sequence (
					name,
					seq
				)
				SELECT
					?1,
					?2
				WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)`},
		},
	}
}

func newPostgres() *engine {
	return &engine{
		dialect: goose.DialectPostgres,
		bind:    sqlx.DOLLAR,
		tables: `
			SELECT
				COUNT(*),
				COUNT(*) FILTER (WHERE tablename = 'goose_db_version')
			FROM pg_tables
			WHERE schemaname = current_schema()`,
		words: strings.NewReplacer(
			"{{id}}", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
			"{{text}}", `TEXT COLLATE "C"`,
			"{{blob}}", "BYTEA",
			"{{json}}", "JSON", // and not JSONB, which would write it anew
			"{{clustered}}", "",
			"{{like}}", "ILIKE",
			"{{skip locked}}", "FOR UPDATE SKIP LOCKED",
			"{{own ids}}", "OVERRIDING SYSTEM VALUE",
		),
		patterns: []pattern{
			{inMacro, "$1 = ANY(?)"},
			{numbersMacro, "unnest(?::BIGINT[]) AS $1 (value)"},
			{textsMacro, `unnest(?::TEXT[] COLLATE "C") AS $1 (value)`},
			{pairsMacro, "(SELECT (value ->> 0)::$3 AS $2, (value ->> 1)::$5 AS $4 FROM jsonb_array_elements(?::JSONB)) AS $1"},
			{setsMacro, "(SELECT value ->> 0 AS name, ARRAY(SELECT jsonb_array_elements_text(value -> 1)::BIGINT) AS members FROM jsonb_array_elements(?::JSONB)) AS $1"},
			{inSetMacro, "$1 = ANY($2.members)"},
		},
		list:     func(v any) (any, error) { return v, nil },
		columns:  true,
		classify: classifyPostgres,
		serial:   &sql.TxOptions{Isolation: sql.LevelSerializable},
		loose:    &sql.TxOptions{Isolation: sql.LevelReadCommitted},
		view:     &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		again:    conflicting,
		alone:    `LOCK TABLE change_number IN SHARE ROW EXCLUSIVE MODE`,
		// A row with the number would be in the way of all transactions that overlap.
		turn:   `SELECT pg_advisory_xact_lock(?)`,
		number: `SELECT nextval(pg_get_serial_sequence('change_number', 'id'))`,
		copying: copySpelling{
			tables: `
				SELECT relname
				FROM pg_class
				WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
				ORDER BY oid`,
			key: `
				SELECT a.attname
				FROM pg_index AS i
				JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
				WHERE i.indrelid = ?::TEXT::REGCLASS AND i.indisprimary
				ORDER BY array_position(i.indkey::INT2[], a.attnum)`,
			last:    `SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence(?, 'id')::REGCLASS), 0)`,
			setLast: []string{`SELECT setval(pg_get_serial_sequence(?, 'id'), ?)`},
		},
	}
}

func jsonList(v any) (any, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// render spells a statement as the database wants it, and remembers it.
func (e *engine) render(stmt string) string {
	if s, ok := e.rendered.Load(stmt); ok {
		return s.(string)
	}
	s := e.spell(stmt)
	e.rendered.Store(stmt, s)
	return s
}

func (e *engine) spell(stmt string) string {
	s := pickMacro.ReplaceAllStringFunc(stmt, e.pick)
	for _, p := range e.patterns {
		s = p.macro.ReplaceAllString(s, p.spelling)
	}
	return sqlx.Rebind(e.bind, e.words.Replace(s))
}

// pick spells the macro of the same name. SQLite has no LATERAL, PostgreSQL does
// not look up an index by a correlated IN.
func (e *engine) pick(text string) string {
	m := pickMacro.FindStringSubmatch(text)
	table, keys, query := m[1], m[2:3], m[4]
	if m[3] != "" {
		keys = m[2:4]
	}
	if e.bind == sqlx.QUESTION {
		return fmt.Sprintf("JOIN %s ON (%s.%s) IN (%s)",
			table, table, strings.Join(keys, ", "+table+"."), query)
	}
	on := make([]string, len(keys))
	for i, k := range keys {
		on[i] = fmt.Sprintf("%s.%s = picked.%s", table, k, k)
	}
	return fmt.Sprintf("CROSS JOIN LATERAL (%s) AS picked (%s) JOIN %s ON %s",
		query, strings.Join(keys, ", "), table, strings.Join(on, " AND "))
}

// clean replaces what PostgreSQL keeps in no text, so that texts are the same on
// both: NUL, and bytes that are not UTF-8.
func clean(text string) string {
	if strings.IndexByte(text, 0) < 0 && utf8.ValidString(text) {
		return text
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// bindArgs turns arguments into what the database takes: lists of keys, clean
// texts, and times as milliseconds.
func (e *engine) bindArgs(args []any) ([]any, error) {
	bound := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case string:
			bound[i] = clean(v)
		case []int64:
			if v == nil {
				v = []int64{}
			}
			list, err := e.list(v)
			if err != nil {
				return nil, err
			}
			bound[i] = list
		case []string:
			texts := make([]string, len(v))
			for j, text := range v {
				texts[j] = clean(text)
			}
			list, err := e.list(texts)
			if err != nil {
				return nil, err
			}
			bound[i] = list
		case [][2]any:
			pairs := make([][2]any, len(v))
			for j, pair := range v {
				for k, side := range pair {
					if text, ok := side.(string); ok {
						side = clean(text)
					}
					pairs[j][k] = side
				}
			}
			list, err := jsonList(pairs)
			if err != nil {
				return nil, err
			}
			bound[i] = list
		case time.Time:
			bound[i] = toMillis(v)
		default:
			bound[i] = a
		}
	}
	return bound, nil
}
