namespace Margay.ApiServer.Tests.Kubectl;

public sealed class WriteTests(KubectlCluster cluster) : KubectlTestBase(cluster)
{
    [Theory, MemberData(nameof(Programs))]
    public async Task Apply_twice_changes_nothing_the_second_time(string program)
    {
        await using var kubectl = await StartAsync(program);
        foreach (var (manifest, name) in new[]
        {
            (Manifests.Pod("a"), "pod/a"), (Manifests.Service("s"), "service/s"), (Manifests.NetworkPolicy("np"), "networkpolicy.networking.k8s.io/np"),
            (Manifests.CalicoPolicy("c"), "networkpolicy.projectcalico.org/c"),
        })
        {
            Assert.Equal($"{name} created\n", await kubectl.OkWith(manifest, "apply", "-f", "-"));
            Assert.Equal($"{name} unchanged\n", await kubectl.OkWith(manifest, "apply", "-f", "-"));
        }
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Apply_merges_three_ways(string program)
    {
        await using var kubectl = await StartAsync(program);
        await kubectl.OkWith(Manifests.CalicoPolicy("c"), "apply", "-f", "-");
        await kubectl.Ok("annotate", "cnp", "c", "note=mine");

        var changed = Manifests.CalicoPolicy("c", "50").Replace("  types: [Ingress]\n", "", StringComparison.Ordinal);
        Assert.Equal("networkpolicy.projectcalico.org/c configured\n", await kubectl.OkWith(changed, "apply", "-f", "-"));

        Assert.Equal("50|mine|[\"Ingress\"]", await kubectl.Ok("get", "cnp", "c", "-o", "jsonpath={.spec.order}|{.metadata.annotations.note}|{.spec.types}"));
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Apply_merges_lists_of_pods_and_services_by_key(string program)
    {
        await using var kubectl = await StartAsync(program);
        await kubectl.OkWith(Manifests.Service("s"), "apply", "-f", "-");
        await kubectl.Ok("patch", "svc", "s", "-p", """{"spec":{"ports":[{"name":"metrics","port":9090}]}}""");
        Assert.Equal("80 9090", string.Join(' ', (await kubectl.Ok("get", "svc", "s", "-o", "jsonpath={.spec.ports[*].port}")).Split(' ').Order()));

        // Ports that apply never saw stay; the one it knows is changed by key.
        var changed = Manifests.Service("s").Replace("targetPort: http", "targetPort: 8081", StringComparison.Ordinal);
        await kubectl.OkWith(changed, "apply", "-f", "-");
        Assert.Equal("8081 ", string.Join(' ', await kubectl.Ok("get", "svc", "s", "-o", "jsonpath={.spec.ports[?(@.port==80)].targetPort} ")));
        Assert.Contains("9090", await kubectl.Ok("get", "svc", "s", "-o", "jsonpath={.spec.ports[*].port}"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Diff_shows_what_apply_would_change_and_changes_nothing(string program)
    {
        await using var kubectl = await StartAsync(program);
        await kubectl.OkWith(Manifests.CalicoPolicy("c"), "apply", "-f", "-");

        var same = await kubectl.RunAsync(["diff", "-f", "-"], Manifests.CalicoPolicy("c"), null);
        Assert.True(same.Exit == 0 && same.Output.Length == 0, same.ToString());
        var different = await kubectl.RunAsync(["diff", "-f", "-"], Manifests.CalicoPolicy("c", "7"), null);
        Assert.True(different.Exit == 1, different.ToString());
        Assert.Contains("-  order: 100", different.Output, StringComparison.Ordinal);
        Assert.Contains("+  order: 7", different.Output, StringComparison.Ordinal);
        Assert.Equal("100", await kubectl.Ok("get", "cnp", "c", "-o", "jsonpath={.spec.order}"));
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Server_side_dry_run_stores_nothing(string program)
    {
        await using var kubectl = await StartAsync(program);

        Assert.Equal("pod/a created (server dry run)\n", await kubectl.OkWith(Manifests.Pod("a"), "apply", "--dry-run=server", "-f", "-"));
        await kubectl.Fails("get", "pod", "a");
        await kubectl.OkWith(Manifests.Pod("a"), "apply", "-f", "-");
        Assert.Equal("pod \"a\" deleted (server dry run)\n", (await kubectl.Ok("delete", "pod", "a", "--dry-run=server")).Replace(" from " + kubectl.Namespace + " namespace", "", StringComparison.Ordinal));
        await kubectl.Ok("get", "pod", "a");
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Edit_saves_what_the_editor_wrote(string program)
    {
        await using var kubectl = await StartAsync(program);
        await kubectl.OkWith(Manifests.CalicoPolicy("c"), "create", "-f", "-");

        var editor = Path.GetTempFileName();
        await File.WriteAllTextAsync(editor, "sed -i 's/order: 100/order: 42/' $1", TestContext.Current.CancellationToken);
        var edited = await kubectl.RunAsync(["edit", "networkpolicies.projectcalico.org", "c"], null, $"sh {editor}");
        File.Delete(editor);

        Assert.True(edited.Exit == 0, edited.ToString());
        Assert.Equal("networkpolicy.projectcalico.org/c edited\n", edited.Output);
        Assert.Equal("42", await kubectl.Ok("get", "cnp", "c", "-o", "jsonpath={.spec.order}"));
        var untouched = await kubectl.RunAsync(["edit", "cnp", "c"], null, "true");
        Assert.Contains("Edit cancelled, no changes made", untouched.Output + untouched.Errors, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Patch_takes_all_three_types(string program)
    {
        await using var kubectl = await StartAsync(program);
        await kubectl.OkWith(Manifests.Pod("a"), "create", "-f", "-");
        await kubectl.OkWith(Manifests.CalicoPolicy("c"), "create", "-f", "-");

        await kubectl.Ok("patch", "pod", "a", "-p", """{"spec":{"containers":[{"name":"main","image":"registry.test/main:2"}]}}""");
        Assert.Equal("registry.test/main:2 test", await kubectl.Ok("get", "pod", "a", "-o", "jsonpath={.spec.containers[0].image} {.spec.containers[0].env[0].value}"));
        await kubectl.Ok("patch", "cnp", "c", "--type=merge", "-p", """{"spec":{"order":5,"types":null}}""");
        Assert.Equal("5 [\"Ingress\"]", await kubectl.Ok("get", "cnp", "c", "-o", "jsonpath={.spec.order} {.spec.types}"));
        await kubectl.Ok("patch", "cnp", "c", "--type=json", "-p", """[{"op":"test","path":"/spec/order","value":5},{"op":"add","path":"/spec/ingress/-","value":{"action":"Deny"}}]""");
        Assert.Equal("Allow Deny", await kubectl.Ok("get", "cnp", "c", "-o", "jsonpath={.spec.ingress[*].action}"));
        Assert.Contains("patched (no change)", await kubectl.Ok("patch", "cnp", "c", "--type=merge", "-p", """{"spec":{"order":5}}"""), StringComparison.Ordinal);
        Assert.NotEmpty(await kubectl.Fails("patch", "cnp", "c", "--type=json", "-p", """[{"op":"test","path":"/spec/order","value":6}]"""));
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Label_annotate_and_delete_work_on_names_and_selectors(string program)
    {
        await using var kubectl = await StartAsync(program);
        foreach (var name in new[] { "a", "b" })
            await kubectl.OkWith(Manifests.Pod(name), "create", "-f", "-");

        Assert.Equal("pod/a labeled\n", await kubectl.Ok("label", "pod", "a", "tier=front"));
        Assert.Contains("already has a value", await kubectl.Fails("label", "pod", "a", "tier=back"), StringComparison.Ordinal);
        await kubectl.Ok("label", "pod", "a", "tier=back", "--overwrite");
        Assert.Equal("pod/a\n", await kubectl.Ok("get", "pods", "-l", "tier=back", "-o", "name"));
        await kubectl.Ok("label", "pods", "--all", "tier-");
        await kubectl.Ok("annotate", "pods", "-l", "app=web", "note=x");
        Assert.Equal("x x", await kubectl.Ok("get", "pods", "-o", "jsonpath={.items[*].metadata.annotations.note}"));
        await kubectl.Ok("delete", "pod", "a", "--grace-period=0", "--force");
        Assert.Equal("pod/b\n", await kubectl.Ok("get", "pods", "-o", "name"));
        await kubectl.Ok("delete", "pods", "--all", "--grace-period=0", "--force");
        Assert.Equal("", await kubectl.Ok("get", "pods", "-o", "name"));
        Assert.Equal("", await kubectl.Ok("delete", "pod", "nobody", "--ignore-not-found"));
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Replace_create_and_expose_work(string program)
    {
        await using var kubectl = await StartAsync(program);
        await kubectl.OkWith(Manifests.Pod("a"), "create", "-f", "-");

        Assert.Contains("(AlreadyExists)", (await kubectl.RunAsync(["create", "-f", "-"], Manifests.Pod("a"), null)).Errors, StringComparison.Ordinal);
        Assert.Equal("pod/a replaced\n", await kubectl.OkWith(Manifests.Pod("a", "other"), "replace", "-f", "-"));
        await kubectl.Ok("expose", "pod", "a", "--port=80", "--name=svc");
        Assert.Equal("other", await kubectl.Ok("get", "svc", "svc", "-o", "jsonpath={.spec.selector.app}"));
        await kubectl.Ok("create", "configmap", "cm", "--from-literal=a=b");
        await kubectl.Ok("create", "secret", "generic", "se", "--from-literal=a=b");
        await kubectl.Ok("create", "serviceaccount", "sa");
        await kubectl.Ok("run", "runner", "--image=x", "--restart=Never");
        Assert.Equal("Yg==", await kubectl.Ok("get", "secret", "se", "-o", "jsonpath={.data.a}"));
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Server_side_apply_owns_fields_and_reports_conflicts(string program)
    {
        await using var kubectl = await StartAsync(program);

        Assert.Equal("networkpolicy.projectcalico.org/c serverside-applied\n",
            await kubectl.OkWith(Manifests.CalicoPolicy("c"), "apply", "--server-side", "--field-manager=one", "-f", "-"));
        var conflict = await kubectl.RunAsync(["apply", "--server-side", "--field-manager=two", "-f", "-"], Manifests.CalicoPolicy("c", "3"), null);
        Assert.True(conflict.Exit != 0, conflict.ToString());
        Assert.Contains("spec.order", conflict.Errors, StringComparison.Ordinal);
        await kubectl.OkWith(Manifests.CalicoPolicy("c", "3"), "apply", "--server-side", "--field-manager=two", "--force-conflicts", "-f", "-");
        Assert.Equal("3", await kubectl.Ok("get", "cnp", "c", "-o", "jsonpath={.spec.order}"));
    }
}
