// The windows in which stories are looked at.
import type { BrowserContextOptions, LaunchOptions } from '@playwright/test';

export const LAUNCH: LaunchOptions = {
    executablePath: '/usr/bin/chromium',
    // The same letters on every machine: no smoothing that depends on a screen.
    args: [
        '--no-sandbox',
        '--disable-gpu',
        '--font-render-hinting=none',
        '--disable-lcd-text',
        '--force-color-profile=srgb',
    ],
};

export const WIDTHS = [320, 360, 768, 1024, 1280, 1440, 1920] as const;

const HEIGHTS: Readonly<Record<number, number>> = {
    320: 640,
    360: 740,
    768: 1024,
    1024: 768,
    1280: 720,
    1440: 900,
    1920: 1080,
};

export interface Size {
    width: number;
    height: number;
}

export function sizeOf(width: number): Size {
    return { width, height: HEIGHTS[width] ?? 900 };
}

/** In a place whose time is not Geneva's. */
export function contextOf(viewport: Size, theme: string): BrowserContextOptions {
    return {
        viewport,
        colorScheme: theme === 'dark' ? 'dark' : 'light',
        reducedMotion: 'reduce',
        timezoneId: 'Africa/Nairobi',
        locale: 'en-GB',
    };
}
