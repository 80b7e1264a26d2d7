"""MACs of one machine, out of octets and out of text. Pure; untrusted."""


def of(data: bytes) -> str:
    """Return six octets as aa:bb:cc:dd:ee:ff; "" for others, and for a group or all zeros."""
    return data.hex(":") if len(data) == 6 and any(data) and not data[0] & 1 else ""


def read(text: str) -> str:
    """Return a MAC, however it is written, as aa:bb:cc:dd:ee:ff; "" where it is none of one
    machine.
    """
    digits = "".join(char for char in text.lower() if char not in ":-. \t")
    if len(digits) != 12 or not all(char in "0123456789abcdef" for char in digits):
        return ""
    return of(bytes.fromhex(digits))
