// A length of time in digits.

// "2:05", "1:02:05"; never negative: two clocks may differ by a moment.
export function minutesAndSeconds(milliseconds: number): string {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const two = (value: number) => String(value).padStart(2, '0');
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
