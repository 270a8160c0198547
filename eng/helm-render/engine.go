package main

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"github.com/ghodss/yaml"
)

type versionSet []string

// Has is what templates call as .Capabilities.APIVersions.Has.
func (v versionSet) Has(wanted string) bool {
	for _, version := range v {
		if version == wanted {
			return true
		}
	}
	return false
}

type kubeVersion struct{ Version, Major, Minor string }

func (k kubeVersion) String() string     { return k.Version }
func (k kubeVersion) GitVersion() string { return k.Version }

func capabilities(kube string, further []string) map[string]interface{} {
	parts := strings.SplitN(kube, ".", 3)
	version := kubeVersion{"v" + kube, parts[0], parts[1]}
	apis := append(versionSet{"v1", "apps/v1", "rbac.authorization.k8s.io/v1", "apiregistration.k8s.io/v1"}, further...)
	return map[string]interface{}{"KubeVersion": version, "APIVersions": apis, "HelmVersion": map[string]string{"Version": "v3"}}
}

// All templates of the chart are one set, so that include finds helpers of any file.
func render(c *chart, values, release, capabilities map[string]interface{}) (map[string]string, error) {
	top := map[string]interface{}{"Chart": c.meta, "Values": values, "Release": release, "Capabilities": capabilities}
	set := template.New("gotpl").Option("missingkey=zero")
	set.Funcs(functions(set))
	for name, text := range c.templates {
		if _, err := set.New(name).Parse(text); err != nil {
			return nil, err
		}
	}
	rendered := map[string]string{}
	for name := range c.templates {
		if strings.HasPrefix(path.Base(name), "_") {
			continue
		}
		top["Template"] = map[string]interface{}{"Name": name, "BasePath": fmt.Sprintf("%v/templates", c.meta["Name"])}
		var out strings.Builder
		if err := set.ExecuteTemplate(&out, name, top); err != nil {
			return nil, err
		}
		rendered[name] = strings.ReplaceAll(out.String(), "<no value>", "")
	}
	return rendered, nil
}

func functions(set *template.Template) template.FuncMap {
	f := sprig.TxtFuncMap()
	// Charts must not depend on the machine that renders them.
	delete(f, "env")
	delete(f, "expandenv")
	f["include"] = func(name string, data interface{}) (string, error) {
		var out strings.Builder
		err := set.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	f["tpl"] = func(text string, data interface{}) (string, error) {
		clone, err := set.Clone()
		if err != nil {
			return "", err
		}
		parsed, err := clone.New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		var out strings.Builder
		err = parsed.Execute(&out, data)
		return strings.ReplaceAll(out.String(), "<no value>", ""), err
	}
	f["required"] = func(message string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return value, fmt.Errorf("%s", message)
		}
		return value, nil
	}
	f["fail"] = func(message string) (string, error) { return "", fmt.Errorf("%s", message) }
	f["lookup"] = func(string, string, string, string) map[string]interface{} { return map[string]interface{}{} }
	f["toYaml"] = func(value interface{}) string {
		text, err := yaml.Marshal(value)
		if err != nil {
			return ""
		}
		return strings.TrimSuffix(string(text), "\n")
	}
	f["fromYaml"] = func(text string) map[string]interface{} {
		value := map[string]interface{}{}
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			value["Error"] = err.Error()
		}
		return value
	}
	f["toJson"] = func(value interface{}) string {
		text, err := json.Marshal(value)
		if err != nil {
			return ""
		}
		return string(text)
	}
	f["fromJson"] = func(text string) map[string]interface{} {
		value := map[string]interface{}{}
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			value["Error"] = err.Error()
		}
		return value
	}
	return f
}
