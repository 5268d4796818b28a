package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

const codeBadInput = "BAD_USER_INPUT"

// checkVariables refuses values that gqlparser would take for another type than
// their own, such as "1" for an Int, and input objects that are not one of their
// fields. Whole numbers with an exponent or a fraction of zeros are rewritten as
// integers. What is missing or null is for gqlparser to judge.
func checkVariables(schema *ast.Schema, op *ast.OperationDefinition, values map[string]any) *gqlerror.Error {
	c := checker{schema: schema}
	for _, v := range op.VariableDefinitions {
		value, ok := values[v.Variable]
		if !ok {
			continue
		}
		c.path = append(c.path[:0], ast.PathName("variable"), ast.PathName(v.Variable))
		got, err := c.check(v.Type, value)
		if err != nil {
			return err
		}
		values[v.Variable] = got
	}
	return nil
}

type checker struct {
	schema *ast.Schema
	path   ast.Path
}

func (c *checker) check(t *ast.Type, value any) (any, *gqlerror.Error) {
	if value == nil {
		return nil, nil
	}
	if t.Elem != nil {
		list, ok := value.([]any)
		if !ok {
			return c.check(t.Elem, value)
		}
		for i := range list {
			got, err := c.at(ast.PathIndex(i), t.Elem, list[i])
			if err != nil {
				return nil, err
			}
			list[i] = got
		}
		return list, nil
	}
	def := c.schema.Types[t.NamedType]
	switch {
	case def == nil:
		return value, nil
	case def.Kind == ast.InputObject:
		return c.object(def, value)
	case def.Kind == ast.Enum:
		if name, ok := value.(string); !ok || def.EnumValues.ForName(name) == nil {
			return nil, c.wrong(t, value)
		}
		return value, nil
	}
	if got, ok := scalar(t.NamedType, value); ok {
		return got, nil
	}
	return nil, c.wrong(t, value)
}

func (c *checker) at(step ast.PathElement, t *ast.Type, value any) (any, *gqlerror.Error) {
	c.path = append(c.path, step)
	got, err := c.check(t, value)
	c.path = c.path[:len(c.path)-1]
	return got, err
}

func (c *checker) object(def *ast.Definition, value any) (any, *gqlerror.Error) {
	fields, ok := value.(map[string]any)
	if !ok {
		return nil, c.wrong(&ast.Type{NamedType: def.Name}, value)
	}
	if def.Directives.ForName("oneOf") != nil {
		given := 0
		for _, v := range fields {
			if v != nil {
				given++
			}
		}
		if given != 1 || len(fields) != 1 {
			return nil, c.fail(fmt.Sprintf("give exactly one field of %s, and not null", def.Name))
		}
	}
	for name, v := range fields {
		f := def.Fields.ForName(name)
		if f == nil {
			continue
		}
		got, err := c.at(ast.PathName(name), f.Type, v)
		if err != nil {
			return nil, err
		}
		fields[name] = got
	}
	return fields, nil
}

// scalar returns the value of a built-in scalar, or false where it is none of its
// values. Scalars of the schema read their values themselves.
func scalar(name string, value any) (any, bool) {
	number, isNumber := value.(json.Number)
	switch name {
	case "Int":
		if !isNumber {
			return nil, false
		}
		n, err := strconv.ParseFloat(number.String(), 64)
		if err != nil || n != math.Trunc(n) || n < math.MinInt32 || n > math.MaxInt32 {
			return nil, false
		}
		return json.Number(strconv.FormatInt(int64(n), 10)), true
	case "Float":
		_, err := strconv.ParseFloat(number.String(), 64)
		return value, isNumber && err == nil
	case "String":
		_, ok := value.(string)
		return value, ok
	case "Boolean":
		_, ok := value.(bool)
		return value, ok
	case "ID":
		if _, ok := value.(string); ok {
			return value, true
		}
		_, err := strconv.ParseInt(number.String(), 10, 64)
		return value, isNumber && (err == nil || errors.Is(err, strconv.ErrRange))
	default:
		return value, true
	}
}

func (c *checker) wrong(t *ast.Type, value any) *gqlerror.Error {
	text, err := json.Marshal(value)
	if err != nil {
		text = []byte("the value")
	}
	const most = 60
	if len(text) > most {
		text = append(text[:most:most], "…"...)
	}
	return c.fail(fmt.Sprintf("%s is not of type %s", text, t.Name()))
}

func (c *checker) fail(message string) *gqlerror.Error {
	e := coded(codeBadInput, message)
	e.Path = append(ast.Path(nil), c.path...)
	return e
}
