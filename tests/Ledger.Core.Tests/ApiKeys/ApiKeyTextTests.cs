using System.Text;
using Ledger.Core.ApiKeys;
using Ledger.Core.Tenancy;
using Ledger.Verify;

namespace Ledger.Core.Tests.ApiKeys;

public sealed class ApiKeyTextTests
{
    private const string Prefix = "mfrggzdfmztw";
    private const string Secret = "ge3dqnbvgy3tqojqgezdgnbvgy3tqojqgezdgnbvgy3tqojqgeza";
    private const string Example = $"lgk_demo_{Prefix}_{Secret}";

    [Fact]
    public void A_key_names_its_tenant_and_its_prefix_and_is_kept_as_the_hash_of_its_whole_text()
    {
        Assert.True(ApiKeyText.TryParse(Example, out var key));
        Assert.Equal((TenantId.Parse("demo"), Prefix, Digest.Sha256(Encoding.ASCII.GetBytes(Example))), (key.Tenant, key.Prefix, key.Hash));
    }

    [Fact]
    public void A_key_prints_without_its_secret()
    {
        Assert.True(ApiKeyText.TryParse(Example, out var key));
        Assert.Equal($"lgk_demo_{Prefix}_…", $"{key}");
    }

    [Fact]
    public void A_new_key_is_one_that_parses_and_no_two_are_alike()
    {
        var made = new HashSet<string>();
        foreach (var name in new[] { "demo", "a", new string('z', 54), "0-9" })
        {
            for (var i = 0; i < 250; i++)
            {
                var key = ApiKeyText.New(TenantId.Parse(name), out var whole);
                Assert.True(ApiKeyText.TryParse(whole, out var parsed), whole);
                Assert.Equal((key.Tenant, key.Prefix, key.Hash), (parsed.Tenant, parsed.Prefix, parsed.Hash));
                Assert.True(made.Add(whole) && made.Add(key.Prefix) && made.Add(whole[^52..]));
            }
        }
    }

    [Fact]
    public void Every_letter_of_the_alphabet_is_used_and_the_last_of_a_secret_is_one_of_two()
    {
        var (used, last) = (new HashSet<char>(), new HashSet<char>());
        for (var i = 0; i < 200; i++)
        {
            ApiKeyText.New(TenantId.Parse("demo"), out var whole);
            used.UnionWith(whole["lgk_demo_".Length..]);
            last.Add(whole[^1]);
        }
        Assert.Equal("234567_abcdefghijklmnopqrstuvwxyz", string.Concat(used.Order()));
        Assert.Equal("aq", string.Concat(last.Order()));
    }

    public static TheoryData<string?> Malformed => new()
    {
        null, "", "lgk", "lgk_", "lgk___", Example[1..], " " + Example, Example + " ", Example + "\n", Example + "\0",
        "LGK_" + Example[4..], "lgi_" + Example[4..], Example.ToUpperInvariant(), // another kind
        $"lgk__{Prefix}_{Secret}", $"lgk_-demo_{Prefix}_{Secret}", $"lgk_Demo_{Prefix}_{Secret}", $"lgk_de mo_{Prefix}_{Secret}",
        $"lgk_de_mo_{Prefix}_{Secret}", $"lgk_démo_{Prefix}_{Secret}", $"lgk_{new string('z', 55)}_{Prefix}_{Secret}", // no tenant
        $"lgk_platform-audit_{Prefix}_{Secret}", $"lgk_receipts-demo_{Prefix}_{Secret}", // the service's own
        $"lgk_demo_{Prefix}", $"lgk_demo_{Prefix}_", $"lgk_demo__{Secret}", $"lgk_demo_{Secret}",
        $"lgk_demo_{Prefix}{Secret}", // too few parts
        $"{Example}_", $"{Example}_{Secret}", // too many
        $"lgk_demo_{Prefix[1..]}_{Secret}", $"lgk_demo_{Prefix}a_{Secret}", $"lgk_demo_{Prefix}_{Secret[1..]}",
        $"lgk_demo_{Prefix}_{Secret}a",
        $"lgk_demo_{Prefix[1..]}1_{Secret}", $"lgk_demo_{Prefix[1..]}8_{Secret}", $"lgk_demo_{Prefix[1..]}A_{Secret}", // no base32
        $"lgk_demo_{Prefix}_0{Secret[1..]}", $"lgk_demo_{Prefix}_={Secret[1..]}", $"lgk_demo_{Prefix}_é{Secret[1..]}",
        $"lgk_demo_{Prefix}_{Secret[..^1]}b", $"lgk_demo_{Prefix}_{Secret[..^1]}7", // a second spelling of the same 32 bytes
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_not_exactly_a_key_is_none(string? text) => Assert.False(ApiKeyText.TryParse(text, out _));

    [Fact]
    public void A_megabyte_is_no_key_and_costs_nothing() => Assert.False(ApiKeyText.TryParse("lgk_" + new string('_', 1 << 20), out _));
}
