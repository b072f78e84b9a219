// Contact sheets: many pictures small on one, with their names, for the eye.
import type { Browser } from '@playwright/test';

export interface Shot {
    name: string;
    picture: Buffer;
}

// So many rows on one sheet; what is more stands on the next.
const ROWS = 6;

function tile({ name, picture }: Shot, width: number): string {
    const source = `data:image/png;base64,${picture.toString('base64')}`;
    return `<figure><img src="${source}" width="${width}"><figcaption>${name}</figcaption></figure>`;
}

function pageOf(shots: readonly Shot[], columns: number, width: number): string {
    const style = `body { margin: 8px; display: grid; grid-template-columns: repeat(${columns}, ${width}px); gap: 8px; background: #888; }
        figure { margin: 0; } figcaption { font: 12px sans-serif; color: #fff; } img { display: block; }`;
    return `<!doctype html><style>${style}</style>${shots.map((one) => tile(one, width)).join('')}`;
}

/** Writes PATH-1.png, PATH-2.png and so on. */
export async function sheetOf(
    browser: Browser,
    shots: readonly Shot[],
    width: number,
    path: string,
): Promise<void> {
    const narrow = width <= 640;
    const columns = narrow ? 8 : 4;
    const small = narrow ? 230 : 470;
    const page = await browser.newPage({ viewport: { width: columns * (small + 8) + 16, height: 900 } });
    const most = columns * (narrow ? 3 : ROWS);
    for (let first = 0, number = 1; first < shots.length; first += most, number += 1) {
        await page.setContent(pageOf(shots.slice(first, first + most), columns, small), {
            waitUntil: 'load',
        });
        await page.screenshot({ path: `${path}-${number}.png`, fullPage: true });
    }
    await page.close();
}
