using Ledger.Core.People;

namespace Ledger.Core.Tests.People;

/// <summary>What never reaches a mail header, Keycloak or a page.</summary>
public sealed class PersonTextTests
{
    [Theory]
    [InlineData("ada@example.com", true)]
    [InlineData("ada.b+x_y-z@a.b-c.example", true)]
    [InlineData("ada@localhost", true)]
    [InlineData("ada", false)]
    [InlineData("@example.com", false)]
    [InlineData("ada@", false)]
    [InlineData("ada@@example.com", false)]
    [InlineData("a@b@example.com", false)]
    [InlineData(".ada@example.com", false)]
    [InlineData("a..b@example.com", false)]
    [InlineData("ada@-example.com", false)]
    [InlineData("ada@example..com", false)]
    [InlineData("ada@example.com\r\nBcc: eve@example.com", false)]
    [InlineData("ada@example.com\0", false)]
    [InlineData("\"a b\"@example.com", false)]
    [InlineData("Ada <ada@example.com>", false)]
    [InlineData("ada@example.com,eve@example.com", false)]
    [InlineData("ädä@example.com", false)]
    [InlineData("ada@[127.0.0.1]", false)]
    public void An_address_is_one_plain_address(string text, bool isEmail) => Assert.Equal(isEmail, PersonText.IsEmail(text));

    [Fact]
    public void An_address_has_at_most_254_characters()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('a', 61), 4));
        Assert.True(PersonText.IsEmail(new string('l', 254 - 1 - domain.Length) + "@" + domain));
        Assert.False(PersonText.IsEmail(new string('l', 255 - 1 - domain.Length) + "@" + domain));
        Assert.False(PersonText.IsEmail(new string('l', 65) + "@example.com"));
    }

    [Theory]
    [InlineData("Ada", true)]
    [InlineData("O'Neill-Šťastný y Ñu", true)]
    [InlineData("李", true)]
    [InlineData("𝒜da", true)]
    [InlineData("", false)]
    [InlineData(" Ada", false)]
    [InlineData("Ada\n", false)]
    [InlineData("A\r\nBcc: x", false)]
    [InlineData("A\u2028B", false)]
    [InlineData("A\u202EB", false)] // turns what follows around
    [InlineData("<b>", false)]
    [InlineData("${x}", false)]
    [InlineData("Win at WWW.example", false)]
    [InlineData("a://b", false)]
    public void A_name_is_one_line_of_letters_and_signs_that_mean_nothing_elsewhere(string text, bool isName) =>
        Assert.Equal(isName, PersonText.IsName(text));

    [Fact]
    public void Half_a_character_is_no_name() =>
        Assert.False(PersonText.IsName("A" + (char)0xD800) || PersonText.IsName((char)0xDC00 + "A"));

    [Fact]
    public void A_name_has_at_most_100_characters() =>
        Assert.True(PersonText.IsName(new string('a', 100)) && !PersonText.IsName(new string('a', 101)));

    [Theory]
    [InlineData("demo-sso", true)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("", false)]
    public void An_alias_can_stand_in_a_path(string text, bool isAlias) => Assert.Equal(isAlias, PersonText.IsAlias(text));
}
