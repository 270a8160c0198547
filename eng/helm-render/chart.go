package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/ghodss/yaml"
	"github.com/xeipuuv/gojsonschema"
)

type chart struct {
	meta      map[string]interface{} // Chart.yaml under the names that templates use
	values    map[string]interface{}
	schema    []byte
	templates map[string]string // by "chart/templates/..."
}

func loadChart(folder string) (*chart, error) {
	c := &chart{templates: map[string]string{}, values: map[string]interface{}{}}
	var file map[string]interface{}
	if err := readYaml(filepath.Join(folder, "Chart.yaml"), &file); err != nil {
		return nil, err
	}
	c.meta = map[string]interface{}{}
	for key, value := range file {
		c.meta[strings.ToUpper(key[:1])+key[1:]] = value
	}
	if err := readYaml(filepath.Join(folder, "values.yaml"), &c.values); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	schema, err := os.ReadFile(filepath.Join(folder, "values.schema.json"))
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	c.schema = schema
	root := filepath.Join(folder, "templates")
	err = filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		relative, _ := filepath.Rel(folder, path)
		c.templates[fmt.Sprintf("%v/%s", c.meta["Name"], filepath.ToSlash(relative))] = string(text)
		return err
	})
	return c, err
}

func readYaml(path string, into interface{}) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// The chart's values under those of the files, a later file over an earlier one; null removes a key. Then the schema.
func mergedValues(c *chart, files []string) (map[string]interface{}, error) {
	values := map[string]interface{}{}
	merge(values, c.values)
	for _, path := range files {
		given := map[string]interface{}{}
		if err := readYaml(path, &given); err != nil {
			return nil, err
		}
		merge(values, given)
	}
	if c.schema == nil {
		return values, nil
	}
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(c.schema), gojsonschema.NewGoLoader(values))
	if err != nil {
		return nil, fmt.Errorf("values.schema.json: %w", err)
	}
	if !result.Valid() {
		lines := []string{"values don't meet the specifications of the schema(s) in the chart:"}
		for _, problem := range result.Errors() {
			lines = append(lines, "- "+problem.String())
		}
		return nil, fmt.Errorf("%s", strings.Join(lines, "\n"))
	}
	return values, nil
}

func merge(into, from map[string]interface{}) {
	for key, value := range from {
		below, isMap := value.(map[string]interface{})
		existing, wasMap := into[key].(map[string]interface{})
		switch {
		case value == nil:
			delete(into, key)
		case isMap && wasMap:
			merge(existing, below)
		case isMap:
			copied := map[string]interface{}{}
			merge(copied, below)
			into[key] = copied
		default:
			into[key] = value
		}
	}
}
