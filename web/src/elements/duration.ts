// A length of time in digits.

// What is left of a time: whole seconds that make up the time allowed with those that `minutesAndSeconds` shows as used.
export function leftOf(allowedMs: number, usedMs: number): number {
    return Math.ceil(Math.max(0, allowedMs - usedMs) / 1000) * 1000;
}

// "2:05", "1:02:05"; never negative: two clocks may differ by a moment.
export function minutesAndSeconds(milliseconds: number): string {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const two = (value: number) => String(value).padStart(2, '0');
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
