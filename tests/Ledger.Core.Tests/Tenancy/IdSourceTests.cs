using System.Collections.Concurrent;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Tests.Tenancy;

public sealed class IdSourceTests
{
    private static readonly DateTimeOffset Instant = new(2026, 1, 1, 0, 0, 0, 7, TimeSpan.Zero);

    private readonly IdSource ids = new();

    [Fact]
    public void An_id_is_a_UUIDv7_that_begins_with_its_instants_milliseconds()
    {
        foreach (var later in new[] { 0, 0, 5, 3, 5, 3, 9 }) // also where the clock went back
        {
            var at = Instant.AddMilliseconds(later);
            foreach (var text in new[] { ids.NewOrderedId(at).ToString(), ids.NewId(at).ToString() })
            {
                Assert.Equal($"{at.ToUnixTimeMilliseconds():x12}", text[..8] + text[9..13]);
                Assert.Equal('7', text[14]);
                Assert.Contains(text[19], "89ab");
            }
        }
    }

    [Fact]
    public void Ordered_ids_of_one_millisecond_ascend_to_4096_and_are_never_the_same()
    {
        for (var millisecond = 0; millisecond < 3; millisecond++)
        {
            var made = Enumerable.Range(0, 4096).Select(_ => Bytes(ids.NewOrderedId(Instant.AddMilliseconds(millisecond)))).ToList();
            Assert.Equal(made.Order(StringComparer.Ordinal), made);
            var beyond = Enumerable.Range(0, 4096).Select(_ => Bytes(ids.NewOrderedId(Instant.AddMilliseconds(millisecond)))).ToList();
            Assert.Equal(8192, made.Concat(beyond).Distinct().Count());
            Assert.All(beyond, id => Assert.True(string.CompareOrdinal(id, made[^2]) > 0)); // the last one shares its count with them
        }
    }

    [Fact]
    public void What_many_threads_make_of_one_millisecond_ascends_for_each_of_them()
    {
        var all = new ConcurrentBag<string>();
        Parallel.For(0, 8, _ =>
        {
            var before = "";
            for (var i = 0; i < 500; i++)
            {
                var id = Bytes(ids.NewOrderedId(Instant));
                Assert.True(string.CompareOrdinal(id, before) > 0);
                all.Add(before = id);
            }
        });
        Assert.Equal(4000, all.Select(id => id[..16]).Distinct().Count()); // each its own count
    }

    [Fact]
    public void Of_an_ordered_id_62_bits_are_chance_and_an_id_that_is_shown_counts_nothing()
    {
        var (ones, zeros) = (0UL, 0UL);
        for (var i = 0; i < 200; i++)
        {
            var low = Convert.ToUInt64(Bytes(ids.NewOrderedId(Instant))[16..], 16);
            (ones, zeros) = (ones | low, zeros | ~low);
        }
        Assert.Equal(0x3FFF_FFFF_FFFF_FFFFUL, ones & zeros);

        var counts = Enumerable.Range(0, 64).Select(_ => Bytes(ids.NewId(Instant))[13..16]).ToList();
        Assert.NotEqual(counts.Order(StringComparer.Ordinal), counts);
    }

    private static string Bytes(Guid id) => id.ToString("N");
}
