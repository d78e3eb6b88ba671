package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A contact is one customer.
type contact struct {
	name, phone, email string
	country            string
	age                int
}

// A country has names, and numbers that are never given to anybody: those that its regulator keeps for films and
// books where there are such, else a range that is not in use.
type country struct {
	code          string
	share         int // of the customers
	number        func(r *rand.Rand) string
	given, family string
}

var countries = []country{
	{"BR", 22, digits("551190000", 4), "Ana João Beatriz Lucas Larissa Rafael Júlia Thiago Camila Mateus Letícia Bruno",
		"Souza Oliveira Santos Gonçalves Araújo Ribeiro Conceição Carvalho Magalhães Lima Nóbrega Teixeira"},
	{"GB", 20, digits("447700900", 3), "Oliver Amelia Harry Isla Priya Jack Zainab Callum Freya Siân Dylan Grace",
		"Smith Jones Patel Evans O'Neil Khan Hughes Fraser Bailey Adeyemi Wright Campbell"},
	{"US", 16, american, "Emma Liam Sofía Noah Jasmine Ethan Mia DeShawn Chloe Mateo Hannah Tyler",
		"Johnson Martínez Williams Nguyen Brown García Davis Kim Miller Washington Lopez Anderson"},
	{"FR", 15, digits("3363998", 4), "Léa Hugo Chloé Théo Inès Jules Zoé Raphaël Maëlys Loïc Aurélie Benoît",
		"Martin Lefèvre Dubois Benali Moreau Garnier Rousseau Fournier Guérin Traoré Blanchard Noël"},
	{"DE", 12, digits("4917139200", 2), "Mia Jonas Lena Jürgen Emine Lukas Käthe Finn Anneliese Björn Selin Matthias",
		"Müller Schäfer Yılmaz Weiß Vogel Köhler Böhm Schulze Großmann Krüger Lindner Öztürk"},
	{"IE", 6, digits("3532091", 5), "Aoife Cian Niamh Oisín Saoirse Pádraig Ciara Eoin Róisín Seán", "Murphy Byrne Ó'Sullivan Walsh Doyle Gallagher Ní'Bhriain Kavanagh"},
	{"IN", 5, digits("9155555", 5), "Aarav Ananya Vihaan Diya Rohan Kavya Arjun Meera Ishaan Lakshmi", "Sharma Iyer Singh Reddy Gupta Nair Banerjee Deshmukh"},
	{"SE", 3, swedish, "Astrid Björn Elsa Nils Maja Åke Ebba Sören", "Andersson Lindqvist Åberg Nyström Sjöberg Öhman"},
	{"AU", 1, australian, "Charlotte Jack Matilda Cooper Ruby Lachlan", "Taylor Nguyen Wilson Papadopoulos Walker"},
}

// digits makes numbers that end in n free digits.
func digits(start string, n int) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		b := []byte(start)
		for range n {
			b = append(b, byte('0'+r.IntN(10)))
		}
		return string(b)
	}
}

func american(r *rand.Rand) string {
	area := pick(r, []string{"202", "212", "305", "312", "415", "503", "617", "702", "713", "816"})
	return fmt.Sprintf("1%s55501%02d", area, r.IntN(100))
}

func swedish(r *rand.Rand) string { return fmt.Sprintf("46701740%d", 605+r.IntN(95)) }

func australian(r *rand.Rand) string {
	return "61491" + pick(r, []string{"570006", "570156", "570157", "570158", "570159", "570110", "570313", "570737", "571266", "571491", "571804", "572549"})
}

// crowd makes about n customers, each with a number of their own.
func crowd(r *rand.Rand, n int) []contact {
	var all []contact
	taken := map[string]bool{}
	for range n {
		c := countries[weighted(r, len(countries), func(i int) int { return countries[i].share })]
		phone := c.number(r)
		given, family := pick(r, strings.Fields(c.given)), pick(r, strings.Fields(c.family))
		age := 18 + r.IntN(62)
		if taken[phone] {
			continue // a small range that is used up
		}
		taken[phone] = true
		email := plainLetters(given) + "." + plainLetters(family) + pick(r, []string{"@example.com", "@example.org", "@example.net"})
		all = append(all, contact{name: given + " " + strings.ReplaceAll(family, "Ní'", "Ní "), phone: phone, email: email, country: c.code, age: age})
	}
	return all
}

// plainLetters is a name as it stands in an e-mail address.
func plainLetters(name string) string {
	return strings.ToLower(withoutMarks.Replace(name))
}

var withoutMarks = strings.NewReplacer("ã", "a", "á", "a", "ä", "ae", "Å", "A", "å", "a", "â", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e", "í", "i", "ï", "i",
	"î", "i", "ı", "i", "ñ", "n", "Ö", "O", "ö", "oe", "Ó", "O", "ó", "o", "õ", "o", "ô", "o", "ß", "ss", "ü", "ue", "ú", "u", "Ú", "U", "'", "")

func pick[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }

// chance is true so often in a hundred times.
func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

// weighted picks an index by weight.
func weighted(r *rand.Rand, n int, weight func(int) int) int {
	total := 0
	for i := range n {
		total += weight(i)
	}
	x := r.IntN(total)
	for i := range n {
		if x -= weight(i); x < 0 {
			return i
		}
	}
	return n - 1
}
