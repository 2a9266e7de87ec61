// Logarithm, exponential and power of doubles, the same to the bit on every machine: only + - * /
// and the layout of IEEE 754, where a maths library may differ from the next in the last place
// (docs/determinism.md). For what decides a time, a rate or a fate.
#pragma once

namespace longhaul::math {

/// Natural logarithm of a normal x > 0; relative error below 4e-16 (absolute near x = 1).
double ln(double x);
/// e^x for |x| <= 700; relative error below 1e-15.
double exp(double x);
/// x^y for x > 0 where |y ln x| <= 700; relative error below 1e-15 x (1 + |y ln x|).
double pow(double x, double y);
double log10(double x);

}  // namespace longhaul::math
