using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ledger.Verify.Anchoring;

namespace Ledger.Verify.Tests.Anchoring;

/// <summary>Leaf, link and root, with one thing wrong in each row.</summary>
public sealed class CertificatePathTests
{
    private static readonly DateTimeOffset From = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2034, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Made Root = Make("root", null, new X509BasicConstraintsExtension(true, false, 0, true));
    private static readonly Made Link = Make("link", Root, Authority(), Usage(X509KeyUsageFlags.KeyCertSign));
    private static readonly Made Leaf = Make("leaf", Link);

    [Fact]
    public void A_way_over_a_link_or_without_one_is_found()
    {
        Assert.True(Reaches(Leaf, Link));
        Assert.True(Reaches(Make("direct", Root)));
        Assert.True(Reaches(Leaf, Make("other", Root, Authority()), Link, Link));
        Assert.False(Reaches(Leaf));
    }

    [Fact]
    public void A_way_over_two_links_is_found_where_their_depth_is_allowed()
    {
        var (flat, deep) = (Make("upper", Root, Authority(depth: 0)), Make("upper", Root, Authority(depth: 1)));
        foreach (var (upper, allowed) in new[] { (flat, false), (deep, true) })
        {
            var lower = Make("lower", upper, Authority());
            Assert.Equal(allowed, Reaches(Make("end", lower), upper, lower));
        }
    }

    [Fact]
    public void A_link_must_be_an_authority_that_may_sign_certificates_and_timestamps()
    {
        Assert.False(Over(new X509BasicConstraintsExtension(false, false, 0, true)));
        Assert.False(Over());
        Assert.False(Over(Authority(), Usage(X509KeyUsageFlags.DigitalSignature)));
        Assert.False(Over(Authority(), Purpose("1.3.6.1.5.5.7.3.1")));
        Assert.True(Over(Authority(), Purpose("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.8")));
        Assert.True(Over(Authority(), Purpose("2.5.29.37.0")));
        Assert.False(Over(Authority(), Unknown(critical: true)));
        Assert.True(Over(Authority(), Unknown(critical: false)));
    }

    [Fact]
    public void Every_certificate_above_the_leaf_must_be_valid_then()
    {
        Assert.True(Reaches(Leaf, From, Link));
        Assert.False(Reaches(Leaf, From.AddSeconds(-1), Link));
        Assert.True(Reaches(Leaf, To, Link));
        Assert.False(Reaches(Leaf, To.AddSeconds(1), Link));
    }

    [Fact]
    public void A_name_is_not_a_signature()
    {
        var impostor = Make("link", null, Authority());
        Assert.False(Reaches(Leaf, impostor));
        Assert.True(Reaches(Leaf, impostor, Link));
        Assert.False(new CertificatePath(Make("root", null, Authority()).Certificate, [Link.Certificate], From).Reaches(Leaf.Certificate));
        Assert.False(CertificateSignature.IsBy(Leaf.Certificate, Link.Certificate));
    }

    [Fact]
    public void A_leaf_that_is_not_understood_reaches_nothing() =>
        Assert.False(Reaches(Make("leaf", Link, Unknown(critical: true)), Link));

    [Fact]
    public void Links_that_sign_each_other_end_the_search()
    {
        var names = Enumerable.Range(0, 12).Select(_ => Make("link", Link, Authority())).ToArray();
        Assert.False(Reaches(Make("leaf", names[0]), names));
    }

    [Fact]
    public void Rsa_signs_as_well_but_not_with_pss()
    {
        using var key = RSA.Create(2048);
        foreach (var (padding, allowed) in new[] { (RSASignaturePadding.Pkcs1, true), (RSASignaturePadding.Pss, false) })
        {
            var request = new CertificateRequest("CN=rsa", key, HashAlgorithmName.SHA384, padding);
            request.CertificateExtensions.Add(Authority());
            using var root = request.CreateSelfSigned(From, To);
            Assert.Equal(allowed, CertificateSignature.IsBy(root, root));
        }
    }

    private static bool Over(params X509Extension[] extensions)
    {
        var link = Make("over", Root, extensions);
        return Reaches(Make("leaf", link), link);
    }

    private static bool Reaches(Made leaf, params Made[] links) => Reaches(leaf, VirtualTsa.Noon, links);

    private static bool Reaches(Made leaf, DateTimeOffset time, params Made[] links) =>
        new CertificatePath(Root.Certificate, [.. links.Select(link => link.Certificate)], time).Reaches(leaf.Certificate);

    private static Made Make(string name, Made? issuer, params X509Extension[] extensions)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        foreach (var extension in extensions) request.CertificateExtensions.Add(extension);
        if (issuer is null) return new(request.CreateSelfSigned(From, To), key);
        var generator = X509SignatureGenerator.CreateForECDsa(issuer.Key);
        return new(request.Create(issuer.Certificate.SubjectName, generator, From, To, RandomNumberGenerator.GetBytes(8)), key);
    }

    private static X509BasicConstraintsExtension Authority(int? depth = null) => new(true, depth is not null, depth ?? 0, critical: true);

    private static X509KeyUsageExtension Usage(X509KeyUsageFlags flags) => new(flags, critical: true);

    private static X509EnhancedKeyUsageExtension Purpose(params string[] oids) =>
        new([.. oids.Select(oid => new Oid(oid))], critical: false);

    private static X509Extension Unknown(bool critical)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteNull();
        return new X509Extension("1.2.3.4", writer.Encode(), critical);
    }

    private sealed record Made(X509Certificate2 Certificate, ECDsa Key);
}
