namespace Margay.Testbed.Dns.Wire;

/// <summary>What is asked for or answered (RFC 1035 3.2.2, 3596, 2782, 6891).</summary>
internal enum RecordType : ushort
{
    A = 1,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
    Opt = 41,
    Any = 255,
}

/// <summary>How an answer came out (RFC 1035 4.1.1).</summary>
internal enum ResponseCode : byte
{
    NoError = 0,
    FormatError = 1,
    NameError = 3,
    NotImplemented = 4,
}
