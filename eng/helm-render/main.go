// helm-render renders a chart as Helm does, for tests and for the plain manifests: Go's text/template with Sprig, the
// functions that Helm adds, values that are merged and checked against values.schema.json, manifests sorted by kind.
// Debian has no Helm; it has the libraries that Helm is made of. What a cluster would have to answer (lookup) is empty,
// as with "helm template".
//
//	helm-render [-n NAMESPACE] [-name RELEASE] [-f VALUES]... [-kube 1.20.0] [-service Helm] [-api GROUP/VERSION]... [-notes] CHART
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

type list []string

func (l *list) String() string     { return strings.Join(*l, ",") }
func (l *list) Set(v string) error { *l = append(*l, v); return nil }

func main() {
	namespace := flag.String("n", "default", "namespace of the release")
	name := flag.String("name", "margay", "name of the release")
	kube := flag.String("kube", "1.30.0", "version of Kubernetes")
	service := flag.String("service", "Helm", "what manages the objects")
	notes := flag.Bool("notes", false, "print NOTES.txt too")
	var files, apis list
	flag.Var(&files, "f", "a file with values; may be repeated")
	flag.Var(&apis, "api", "a further API version of the cluster; may be repeated")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "helm-render: name one chart")
		os.Exit(2)
	}
	chart, err := loadChart(flag.Arg(0))
	if err == nil {
		var values map[string]interface{}
		if values, err = mergedValues(chart, files); err == nil {
			release := map[string]interface{}{
				"Name": *name, "Namespace": *namespace, "Service": *service, "IsInstall": true, "IsUpgrade": false, "Revision": 1,
			}
			err = print(chart, values, release, capabilities(*kube, apis), *notes)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "helm-render:", err)
		os.Exit(1)
	}
}
