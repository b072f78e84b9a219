// What a person's page really shows: the pixels of its video elements.
import { expect, type Person } from './fixtures.ts';

/** From when it can be shown until it is seen to move, on a busy machine; a good line takes about one second. */
const MOVES_MAX_MS = 20_000;

export interface Shown {
    width: number;
    /** The mean of all pixels, 0 … 255 each. */
    red: number;
    green: number;
    blue: number;
    /** Differs when the picture has moved. */
    print: string;
}

/** The picture whose label matches, as it is drawn now; null while there is none. */
export async function shown(person: Person, label: string): Promise<Shown | null> {
    return person.page.evaluate((wanted) => {
        const video = [...document.querySelectorAll('video')].find(
            (one) => new RegExp(wanted).test(one.getAttribute('aria-label') ?? '') && one.videoWidth > 0,
        );
        const pen = document.createElement('canvas').getContext('2d');
        if (video === undefined || pen === null) {
            return null;
        }
        pen.canvas.width = 32;
        pen.canvas.height = 18;
        pen.drawImage(video, 0, 0, 32, 18);
        const data = pen.getImageData(0, 0, 32, 18).data;
        const mean = (channel: number): number => {
            let sum = 0;
            for (let at = channel; at < data.length; at += 4) {
                sum += data[at] ?? 0;
            }
            return sum / (data.length / 4);
        };
        return {
            width: video.videoWidth,
            red: mean(0),
            green: mean(1),
            blue: mean(2),
            print: data.join(),
        };
    }, label);
}

/** Waits until a picture is there, is not black and moves. */
export async function moves(person: Person, label: string, timeout = MOVES_MAX_MS): Promise<void> {
    const prints = new Set<string>();
    await expect
        .poll(
            async () => {
                const picture = await shown(person, label);
                if (picture !== null && picture.red + picture.green + picture.blue > 30) {
                    prints.add(picture.print);
                }
                return prints.size;
            },
            {
                message: `${person.options.role} should see ${label} move`,
                timeout,
                intervals: [100],
            },
        )
        .toBeGreaterThan(4);
}

/** Waits until a picture is of a colour. */
export async function showsColour(
    person: Person,
    label: string,
    colour: 'red' | 'green' | 'blue',
): Promise<void> {
    await expect
        .poll(
            async () => {
                const picture = await shown(person, label);
                const others = (['red', 'green', 'blue'] as const).filter((one) => one !== colour);
                return picture !== null && others.every((one) => picture[colour] > picture[one] + 60);
            },
            {
                message: `${person.options.role} should see ${label} in ${colour}`,
                timeout: 20_000,
                intervals: [100],
            },
        )
        .toBe(true);
}
