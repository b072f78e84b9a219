// The tokens' contrast (WCAG 2.2): every pair of text and ground at least 4.5:1, every boundary and sign at least 3:1, light and dark.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const CSS = readFileSync(join(import.meta.dirname, '../src/styles/tokens.css'), 'utf8');

function block(selector: RegExp): Map<string, string> {
    const body = selector.exec(CSS)?.[1];
    assert.ok(body !== undefined, `no block ${selector}`);
    return new Map(
        [...body.matchAll(/--([a-z-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
    );
}

const LIGHT = block(/^\s*:root \{([^}]*)\}/m);
const DARK = block(/^\s*:root\[data-theme="dark"\] \{([^}]*)\}/m);
const SYSTEM = block(/:root:not\(\[data-theme\]\) \{([^}]*)\}/);

function luminance(hex: string): number {
    const match = /^#([0-9a-f]{6})$/.exec(hex);
    assert.ok(match?.[1] !== undefined, `${hex} is no colour of six digits`);
    const value = Number.parseInt(match[1], 16);
    const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255].map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

function contrast(one: string, other: string): number {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const TEXT: readonly [text: string, ground: string][] = [
    ...['paper', 'panel', 'accent-tint', 'warn-tint', 'on-air-tint', 'live-tint'].map(
        (ground) => ['ink', ground] as [string, string],
    ),
    ...['paper', 'panel', 'accent-tint', 'warn-tint'].map((ground) => ['muted', ground] as [string, string]),
    ...['paper', 'panel', 'accent-tint'].map((ground) => ['accent', ground] as [string, string]),
    ...['paper', 'panel', 'accent-tint', 'live-tint'].map((ground) => ['live', ground] as [string, string]),
    ...['paper', 'panel', 'warn-tint'].map((ground) => ['warn', ground] as [string, string]),
    ['on-air', 'panel'],
    ['accent-ink', 'accent'],
    ['on-air-ink', 'on-air'],
    ['panel', 'warn'],
    ['paper', 'ink'],
    ['plate-ink', 'plate'],
    ['plate-muted', 'plate'],
    ['plate-on-ink', 'plate-on'],
    ['plate-on-muted', 'plate-on'],
    ['stage-ink', 'stage'],
    ['stage-muted', 'stage'],
];

const SIGNS: readonly [sign: string, ground: string][] = [
    ['line-strong', 'panel'],
    ['line-strong', 'paper'],
    ['accent', 'panel'],
    ['accent', 'paper'],
    ['on-air', 'panel'],
    ['on-air', 'paper'],
    ['on-air', 'on-air-tint'],
    ['stage-live', 'stage'],
];

for (const [name, tokens] of [
    ['light', LIGHT],
    ['dark', DARK],
] as const) {
    test(`${name}: text is at least 4.5:1 on its ground, signs 3:1`, () => {
        const pairs = [
            ...TEXT.map((pair) => [...pair, 4.5] as const),
            ...SIGNS.map((pair) => [...pair, 3] as const),
        ];
        for (const [over, under, least] of pairs) {
            const ratio = contrast(tokens.get(over) ?? '', tokens.get(under) ?? '');
            assert.ok(ratio >= least, `${over} on ${under}: ${ratio.toFixed(2)}`);
        }
    });
}

test('dark is the same by choice and by the device', () => {
    assert.deepEqual([...DARK], [...SYSTEM]);
});
