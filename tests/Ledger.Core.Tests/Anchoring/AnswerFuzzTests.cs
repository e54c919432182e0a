using Ledger.Core.Anchoring;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>Whatever a server answers: it is read, or it is a <see cref="LogException"/>.</summary>
public sealed class AnswerFuzzTests
{
    private const int Rounds = 3000;

    private static readonly string[] Pieces =
        ["null", "\"", "{}", "[]", "-1", "1e99", "\\ud800", "\\u0000", ",", ":", "9007199254740993", "é"];

    [Fact]
    public void Bent_v1_answers_throw_nothing_else() => Assert.True(
        Fuzz("06-hashedrekord-ecdsa-create", Exchange.V1, a => RekorV1Answers.Entry(a))
        + Fuzz("13-dsse-ecdsa-create", Exchange.V1, a => RekorV1Answers.Entry(a))
        + Fuzz("88-retrieve-logindexes", Exchange.V1, a => RekorV1Answers.Entries(a))
        + Fuzz("43-log-info", Exchange.V1, a => RekorV1Answers.Heads(a))
        + Fuzz("61-proof-3-size", Exchange.V1, a => RekorV1Answers.Proof(a))
        + Fuzz("70-index-hash", Exchange.V1, a => RekorV1Answers.Ids(a)) > Rounds);

    [Fact]
    public void Bent_v2_answers_throw_nothing_else() =>
        Assert.True(Fuzz("07-hashedrekord-ecdsa-create", Exchange.V2, a => RekorV2Messages.Entry(a)) > Rounds / 10);

    [Fact]
    public void Bent_refusals_are_a_line_of_words() => Assert.Equal(0, Fuzz("26-create-unknown-version", Exchange.V1, a =>
        Assert.DoesNotContain(LogRefusal.Reason(a), char.IsControl)));

    // How many were refused: a bent answer may still be one, as where a digit of a time has changed.
    private static int Fuzz(string name, Func<string, Exchange> of, Action<byte[]> read)
    {
        var (answer, random, refused) = (of(name).AnswerBytes, new Random(name.Length), 0);
        read(answer);
        for (var i = 0; i < Rounds; i++)
        {
            var bent = Bend(answer, random);
            try { read(bent); }
            catch (LogException) { refused++; }
        }
        return refused;
    }

    private static byte[] Bend(byte[] answer, Random random)
    {
        var at = random.Next(answer.Length);
        switch (random.Next(5))
        {
            case 0:
                return answer[..at];
            case 1:
                var flipped = (byte[])answer.Clone();
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 2:
                return [.. answer[..at], .. System.Text.Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]), .. answer[at..]];
            case 3:
                return [.. answer[..at], .. answer[Math.Min(answer.Length, at + random.Next(1, 40))..]];
            default:
                var from = random.Next(answer.Length);
                return [.. answer[..at], .. answer[from..Math.Min(answer.Length, from + random.Next(1, 60))], .. answer[at..]];
        }
    }
}
