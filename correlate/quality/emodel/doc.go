// Package emodel estimates how speech sounded from what the network did to
// it: the E-model of ITU-T G.107 (narrow band), G.107.1 (wide band) and
// G.107.2 (full band), and the impairments of codecs (G.113 and, where that
// has none, assumptions that are marked as such). It is arithmetic on values;
// the standard library only.
//
// An estimate is made from transport data and never from listening. Values
// on different scales are not comparable; see Common.
package emodel
