using System.Security.Cryptography;
using System.Text;

namespace Kupang.Ledger.SharedKernel;

/// <summary>
/// A text about a person that can be read only with that person's key: AES-256-GCM, stored as base64 of nonce, tag and
/// ciphertext. When the key is destroyed, the text is gone wherever it was stored; the fact around it stays.
/// </summary>
/// <param name="Subject">Whose key opens it: a member, a group, a person of the staff, a donor.</param>
public sealed record Encrypted(Guid Subject, string Cipher);

/// <summary>The key of one person or group. Kept outside the log, wrapped by the tenant's key.</summary>
public sealed class SubjectKey(Guid subject, byte[] key)
{
    /// <summary>What stands where a text was, after its person was erased.</summary>
    public const string Erased = "[DIHAPUS]";

    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public Guid Subject { get; } = subject;

    public static SubjectKey New(Guid subject) => new(subject, RandomNumberGenerator.GetBytes(KeyBytes));

    public Encrypted Encrypt(string text) =>
        new(Subject, Convert.ToBase64String(Seal(key, Encoding.UTF8.GetBytes(text), Subject)));

    /// <exception cref="CryptographicException">The text was not written with this key.</exception>
    public string Decrypt(Encrypted encrypted) =>
        Encoding.UTF8.GetString(Open(key, Convert.FromBase64String(encrypted.Cipher), Subject));

    /// <summary>This key as it may be stored: sealed with a key above it.</summary>
    public byte[] Wrap(byte[] wrappingKey) => Seal(wrappingKey, key, Subject);

    public static SubjectKey Unwrap(Guid subject, byte[] wrapped, byte[] wrappingKey) =>
        new(subject, Open(wrappingKey, wrapped, subject));

    /// <summary>Seals bytes so that they open only with the same key and for the same subject.</summary>
    public static byte[] Seal(byte[] key, byte[] plain, Guid subject)
    {
        var sealedBytes = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(
            nonce,
            plain,
            sealedBytes.AsSpan(NonceBytes + TagBytes),
            sealedBytes.AsSpan(NonceBytes, TagBytes),
            subject.ToByteArray());
        return sealedBytes;
    }

    public static byte[] Open(byte[] key, byte[] sealedBytes, Guid subject)
    {
        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            sealedBytes.AsSpan(0, NonceBytes),
            sealedBytes.AsSpan(NonceBytes + TagBytes),
            sealedBytes.AsSpan(NonceBytes, TagBytes),
            plain,
            subject.ToByteArray());
        return plain;
    }
}
