package store

import (
	"database/sql/driver"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"
)

// rowsPerInsert bounds what one statement of insertColumns carries.
const rowsPerInsert = 5000

// insertColumns is inserts with one parameter for each column, a list, whatever
// the number of rows: there is little to parse, and the statement stays prepared.
func (c conn) insertColumns(stmt string, n int, row func(i int) []any, run func(text string, args []any) error) error {
	for from := 0; from < n; from += rowsPerInsert {
		to := min(from+rowsPerInsert, n)
		columns, err := c.transpose(to-from, func(i int) []any { return row(from + i) })
		if err != nil {
			return err
		}
		var types, names, values []string
		var args []any
		for i, column := range columns {
			if column.kind == "" {
				values = append(values, "NULL")
				continue
			}
			name := fmt.Sprintf("c%d", i)
			types = append(types, "?::"+column.kind+"[]")
			names = append(names, name)
			values = append(values, "r."+name)
			args = append(args, pgtype.FlatArray[any](column.values))
		}
		rows := "SELECT " + strings.Join(values, ", ") +
			" FROM unnest(" + strings.Join(types, ", ") + ") AS r (" + strings.Join(names, ", ") + ")"
		text := c.engine.render(strings.Replace(stmt, "VALUES {{rows}}", rows, 1))
		if err := run(text, args); err != nil {
			return err
		}
	}
	return nil
}

// column is what a bulk insert writes into a column.
type column struct {
	kind   string // PostgreSQL's type; empty if all values are NULL
	values []any
}

// transpose returns the columns of n rows.
func (c conn) transpose(n int, row func(i int) []any) ([]column, error) {
	var columns []column
	for i := range n {
		values, err := c.engine.bindArgs(row(i))
		if err != nil {
			return nil, err
		}
		if columns == nil {
			columns = make([]column, len(values))
			for j := range columns {
				columns[j].values = make([]any, n)
			}
		}
		for j, v := range values {
			col := &columns[j]
			if col.values[i], err = driver.DefaultParameterConverter.ConvertValue(v); err != nil {
				return nil, fmt.Errorf("column %d: %w", j+1, err)
			}
			if _, ok := v.(JSON); ok {
				col.kind = "JSON"
			} else if col.kind == "" {
				col.kind = columnType(col.values[i])
			}
		}
	}
	return columns, nil
}

// columnType returns PostgreSQL's type for a value, and nothing for NULL.
func columnType(value any) string {
	switch value.(type) {
	case nil:
		return ""
	case int64:
		return "BIGINT"
	case float64:
		return "DOUBLE PRECISION"
	case bool:
		return "BOOLEAN"
	case []byte:
		return "BYTEA"
	}
	return "TEXT"
}
