package views

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// The parts of a badge's picture, in pixels.
const (
	badgeHeight  = 20
	badgePadding = 6
)

// widestGlyph is the width of the widest character, in tenths of a pixel.
const widestGlyph = 110

// glyphs are the widths of the printable ASCII characters from the space on,
// in tenths of a pixel, measured in DejaVu Sans at 11 pixels.
func glyphs() [95]uint8 {
	return [95]uint8{
		35, 44, 51, 92, 70, 105, 86, 30, 43, 43, 55, 92, 35, 40, 35, 37,
		70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 37, 37, 92, 92, 92, 58,
		110, 75, 75, 77, 85, 70, 63, 85, 83, 32, 32, 72, 61, 95, 82, 87,
		66, 87, 76, 70, 67, 81, 75, 109, 75, 67, 75, 43, 37, 43, 92, 55,
		55, 67, 70, 60, 70, 68, 39, 70, 70, 31, 31, 64, 31, 107, 70, 67,
		70, 70, 45, 57, 43, 70, 65, 90, 65, 65, 58, 70, 37, 70, 92,
	}
}

// SVG draws a badge. It holds nothing but the badge's words, and its colours
// are the same whatever the value.
func (b Badge) SVG() []byte {
	label, value := textWidth(b.Label), textWidth(b.Value)
	left, right := label+2*badgePadding, value+2*badgePadding
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" role="img" aria-labelledby="t d">`, left+right, badgeHeight)
	fmt.Fprintf(&out, `<title id="t">%s</title><desc id="d">%s</desc>`, escaped(b.Title), escaped(b.Description))
	fmt.Fprintf(&out, `<rect width="%d" height="%d" rx="3" fill="#334155"/>`, left+right, badgeHeight)
	fmt.Fprintf(&out, `<path d="M%d 1h%da2 2 0 0 1 2 2v14a2 2 0 0 1-2 2h-%dz" fill="#f1f5f9"/>`, left, right-3, right-3)
	out.WriteString(`<g font-family="DejaVu Sans,Verdana,Geneva,sans-serif" font-size="11">`)
	fmt.Fprintf(&out, `<text x="%d" y="14" textLength="%d" fill="#ffffff">%s</text>`, badgePadding, label, escaped(b.Label))
	fmt.Fprintf(&out, `<text x="%d" y="14" textLength="%d" fill="#0f172a">%s</text>`, left+badgePadding, value, escaped(b.Value))
	out.WriteString("</g></svg>\n")
	return out.Bytes()
}

// textWidth is the width of a text in whole pixels, rounded up. A character
// without a measured width counts as the widest.
func textWidth(text string) int {
	tenths := 0
	for _, r := range text {
		tenths += glyphWidth(r)
	}
	return (tenths + 9) / 10
}

func glyphWidth(r rune) int {
	if r < ' ' || r > '~' {
		return widestGlyph
	}
	return int(glyphs()[r-' '])
}

// escaped is a text as XML; what XML cannot hold becomes a replacement mark.
func escaped(text string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(text)) // A buffer takes everything.
	return out.String()
}
