"""Line charts as SVG, without any package: chart(path, title, x name, y name, {line name: [(x, y), …]}). The x axis is logarithmic."""
import html
import math

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 180, 50, 55
COLOURS = ("#1f5fa8", "#b3541e", "#3f7d3f", "#7a3f8c", "#8a6d1f", "#444444")


def steps(most):
    """Round numbers from 0 to at least `most`, four to eight of them."""
    size = 10 ** math.floor(math.log10(most)) if most > 0 else 1
    size = next(each for each in (size / 5, size / 4, size / 2, size, 2 * size) if most / each <= 7)
    return [size * i for i in range(math.ceil(most / size) + 1)]


def chart(path, title, x_name, y_name, lines):
    points = [point for line in lines.values() for point in line]
    marks = sorted({x for x, _ in points})
    grid = steps(max(y for _, y in points))
    low, high = math.log(marks[0]), math.log(marks[-1])

    def x_of(value):
        return LEFT + (WIDTH - LEFT - RIGHT) * ((math.log(value) - low) / (high - low) if high > low else 0.5)

    def y_of(value):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / grid[-1]

    def text(x, y, words, anchor="middle", more=""):
        return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{html.escape(str(words))}</text>'

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13" fill="#222">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>', text(LEFT, 26, title, "start", ' font-size="16"')]
    for value in grid:
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y_of(value):.1f}" y2="{y_of(value):.1f}" stroke="#ddd"/>')
        out.append(text(LEFT - 8, y_of(value) + 4, f"{value:g}", "end"))
    for value in marks:
        out.append(f'<line x1="{x_of(value):.1f}" x2="{x_of(value):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#eee"/>')
        out.append(text(x_of(value), HEIGHT - BOTTOM + 18, f"{value:,}".replace(",", " ")))
    out.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_name))
    out.append(text(20, (TOP + HEIGHT - BOTTOM) / 2, y_name, more=f' transform="rotate(-90 20 {(TOP + HEIGHT - BOTTOM) / 2:.0f})"'))
    for number, (name, line) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        way = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in sorted(line))
        out.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="3.5" fill="{colour}"/>' for x, y in line]
        out.append(f'<rect x="{WIDTH - RIGHT + 16}" y="{TOP + 22 * number}" width="14" height="4" fill="{colour}"/>')
        out.append(text(WIDTH - RIGHT + 36, TOP + 22 * number + 7, name, "start"))
    out.append("</svg>")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")
