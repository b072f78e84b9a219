// References: how each story looked when it was last looked at by a person. Wide ones are kept at half their size.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { COLOUR_STEP, smallPng } from './picture_file.ts';

const KEPT = join(import.meta.dirname, 'references');
const DIFFERENT = join(import.meta.dirname, '../../test-results/stories-different');

/** With PLENARY_REFERENCES=renew: what is seen is kept, instead of being compared. */
export const RENEW = process.env.PLENARY_REFERENCES === 'renew';

// Beyond what the few colours cost: another version of the browser smooths letters a little otherwise.
const DIFFERENCE_MAX = COLOUR_STEP + 32;
// So much of a picture may differ by more; a word that is another is more than that.
const PART_MAX = 0.0004;
const SMALL_ABOVE = 640;

export interface Look {
    name: string;
    language: string;
    theme: string;
    width: number;
}

export function fileOf({ name, language, theme, width }: Look): string {
    return `${name}-${language}-${theme}-${width}.png`;
}

/** What another page, which shows nothing, does with pictures. */
interface Seen {
    width: number;
    height: number;
    /** RGBA in base64, for a new reference. */
    data: string;
    different: number;
}

// Runs in the page: a picture at a scale, and how many of its pixels are not the reference's, nor beside them.
async function look({ picture, reference, scale, most }: Question): Promise<Seen> {
    const pixelsOf = async (base64: string, by: number): Promise<ImageData> => {
        const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const canvas = new OffscreenCanvas(Math.round(bitmap.width * by), Math.round(bitmap.height * by));
        const pen = canvas.getContext('2d');
        if (pen === null) {
            throw new Error('no canvas');
        }
        pen.imageSmoothingQuality = 'high';
        pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
        return pen.getImageData(0, 0, canvas.width, canvas.height);
    };
    const { width, height, data } = await pixelsOf(picture, scale);
    if (reference === '') {
        let text = '';
        for (let at = 0; at < data.length; at += 0x8000) {
            text += String.fromCharCode(...data.subarray(at, at + 0x8000));
        }
        return { width, height, data: btoa(text), different: 0 };
    }
    const kept = await pixelsOf(reference, 1);
    if (kept.width !== width || kept.height !== height) {
        return { width, height, data: '', different: width * height };
    }
    let different = 0;
    for (let at = 0; at < data.length; at += 4) {
        const far = (part: number): boolean =>
            Math.abs((data[at + part] ?? 0) - (kept.data[at + part] ?? 0)) > most;
        different += far(0) || far(1) || far(2) ? 1 : 0;
    }
    return { width, height, data: '', different };
}

interface Question {
    picture: string;
    reference: string;
    scale: number;
    most: number;
}

const BROWSER = join(KEPT, 'browser.txt');

/** Another version of the browser draws letters otherwise: why nothing is compared, or the empty text. When references are made it is noted. */
export function otherBrowser(version: string): string {
    if (RENEW) {
        mkdirSync(KEPT, { recursive: true });
        writeFileSync(BROWSER, `${version}\n`);
        return '';
    }
    const made = readFileSync(BROWSER, 'utf8').trim();
    return made === version ? '' : `the references are of Chromium ${made}, this one is ${version}`;
}

/** In words what is not as it was, or null. `loupe` is a page that shows nothing. */
export async function compared(loupe: Page, what: Look, picture: Buffer): Promise<string | null> {
    const path = join(KEPT, fileOf(what));
    const kept = !RENEW && existsSync(path);
    const seen = await loupe.evaluate(look, {
        picture: picture.toString('base64'),
        reference: kept ? readFileSync(path).toString('base64') : '',
        scale: what.width > SMALL_ABOVE ? 0.5 : 1,
        most: DIFFERENCE_MAX,
    });
    if (RENEW) {
        mkdirSync(KEPT, { recursive: true });
        writeFileSync(path, smallPng({ ...seen, data: Buffer.from(seen.data, 'base64') }));
        return null;
    }
    const part = seen.different / (seen.width * seen.height);
    if (kept && part <= PART_MAX) {
        return null;
    }
    mkdirSync(DIFFERENT, { recursive: true });
    writeFileSync(join(DIFFERENT, fileOf(what)), picture);
    return kept
        ? `${fileOf(what)}: ${seen.different} pixels are not as they were; it is in test-results/stories-different`
        : `${fileOf(what)}: there is no reference of it`;
}
