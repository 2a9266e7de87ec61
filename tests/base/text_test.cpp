// Texts, places, nearest names and the form of errors.
#include "sim/base/text.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/catch.hpp"

using namespace longhaul;
namespace fs = std::filesystem;

namespace {

std::string refusal(const std::string& path, std::size_t limit = SourceText::default_limit) {
  try {
    (void)SourceText::read(path, limit);
  } catch (const InputError& e) {
    REQUIRE(e.diagnostics().size() == 1);
    return e.diagnostics().front().message;
  }
  return "";
}

struct TempFile {
  explicit TempFile(const std::string& content)
      : path((fs::temp_directory_path() / ("longhaul-text-test-" + std::to_string(::getpid())))
                 .string()) {
    std::ofstream(path, std::ios::binary) << content;
  }
  ~TempFile() { fs::remove(path); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  std::string path;
};

}  // namespace

TEST_CASE("offsets become lines and columns") {
  const SourceText text("f", "ab\ncd\r\n\nlast");
  CHECK(text.locate(0).line == 1);
  CHECK(text.locate(0).column == 1);
  CHECK(text.locate(2).column == 3);
  CHECK(text.locate(3).line == 2);
  CHECK(text.locate(7).line == 3);
  CHECK(text.locate(10).line == 4);
  CHECK(text.locate(10).column == 3);
  CHECK(text.locate(9999).line == 4);
  CHECK(text.locate(9999).column == 5);
  CHECK(text.line(1) == "ab");
  CHECK(text.line(2) == "cd");
  CHECK(text.line(3).empty());
  CHECK(text.line(4) == "last");
  CHECK(text.line(5).empty());
  CHECK(text.line(0).empty());
  CHECK(text.line(-1).empty());
  CHECK(SourceText("f", "").locate(5).line == 1);
}

TEST_CASE("a long line is cut, but not within a character") {
  const std::string umlauts = [] {
    std::string s = "x";
    for (int i = 0; i < 200; ++i) s += "\xC3\xBC";
    return s;
  }();
  const std::string line = SourceText("f", umlauts).line(1);
  CHECK(line.size() == 159);
}

TEST_CASE("a byte order mark is not text") {
  CHECK(SourceText("f", "\xEF\xBB\xBFname: x").content() == "name: x");
}

TEST_CASE("files that cannot be read say why") {
  CHECK(refusal(fs::temp_directory_path().string()) == "is a directory; expected a file");
  CHECK(refusal("/nonexistent/x") == "there is no such file");
  const TempFile file("some text");
  CHECK(SourceText::read(file.path).content() == "some text");
  CHECK(SourceText::read(file.path, 9).content() == "some text");
  CHECK(refusal(file.path, 8) == "is larger than 8 B, the most that is read");
  CHECK(refusal(file.path + "/x") == "there is no such file");
  CHECK(refusal("/dev/zero", 1000) == "is larger than 1 kB, the most that is read");
}

TEST_CASE("a NUL byte is placed, a gigabyte of nothing is refused at once") {
  const TempFile file(std::string("a\nb\0c", 5));
  try {
    (void)SourceText::read(file.path);
    FAIL("was read");
  } catch (const InputError& e) {
    CHECK(e.diagnostics().front().where.line == 2);
    CHECK(e.diagnostics().front().where.column == 2);
    CHECK(e.diagnostics().front().message == "holds a NUL byte; expected UTF-8 text");
  }
  fs::resize_file(file.path, std::uintmax_t{1} << 30);  // sparse
  CHECK(refusal(file.path) == "is larger than 64 MiB, the most that is read");
}

TEST_CASE("nearest names") {
  const std::vector<std::string> names{"capacity", "medium", "length", "NYC", "LON"};
  CHECK(nearest_name("capcity", names) == "capacity");
  CHECK(nearest_name("CAPACITY", names) == "capacity");
  CHECK(nearest_name("lenght", names) == "length");
  CHECK(nearest_name("NCY", names) == "NYC");
  CHECK(nearest_name("LAX", names) == std::nullopt);
  CHECK(nearest_name("bandwidth", names) == std::nullopt);
  CHECK(nearest_name("x", names) == std::nullopt);
  CHECK(nearest_name(std::string(100'000, 'x'), names) == std::nullopt);
  CHECK(nearest_name("", std::vector<std::string>{}) == std::nullopt);
  CHECK(did_you_mean("lenght", names) == "did you mean \"length\"?");
  CHECK(did_you_mean("bandwidth", names).empty());
}

TEST_CASE("quotes are safe on a terminal and short") {
  CHECK(quote("a") == "\"a\"");
  CHECK(quote("a\nb\t\x1b[31m") == "\"a\\nb\\t\\x1b[31m\"");
  CHECK(quote("\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80") ==
        "\"\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80\"");
  CHECK(quote("\xFF\xC3(\xC2\x9B\xED\xA0\x80") == "\"\\xff\\xc3(\\xc2\\x9b\\xed\\xa0\\x80\"");
  CHECK(quote(std::string(1000, 'x')).size() == 65);
}

TEST_CASE("an error shows its line with a caret") {
  Diagnostic d;  // braces would set off a false -Wmaybe-uninitialized of GCC 12
  d.where = {"net.yaml", 3, 5};
  d.message = "unknown key \"capcity\"";
  d.hint = "did you mean \"capacity\"?";
  d.source_line = "  - {capcity: 10G}";
  CHECK(format(d) ==
        "net.yaml:3:5: error: unknown key \"capcity\"\n"
        "    3 |   - {capcity: 10G}\n"
        "      |     ^\n"
        "      = did you mean \"capacity\"?");
  d.source_line = "\t\xC3\xBC\x1b[2Jx";
  CHECK(format(d).find('\x1b') == std::string::npos);
  CHECK(format(d).find("| \t  ^") != std::string::npos);  // one blank for the two bytes
  d.source_line = "\xFF\xC3(x";
  CHECK(format(d).find("| ?"
                       "?(x\n") != std::string::npos);
  Diagnostic whole_file;
  whole_file.where.file = "f";
  whole_file.message = "is empty";
  CHECK(format(whole_file) == "f: error: is empty");
  Diagnostic nowhere;
  nowhere.message = "no";
  nowhere.warning = true;
  CHECK(format(nowhere) == "warning: no");
}

TEST_CASE("mistakes are all kept, in the order of the text") {
  Diagnostics diagnostics;
  diagnostics.warning({"a", 9, 1}, "only said");
  CHECK_FALSE(diagnostics.has_errors());
  CHECK_NOTHROW(diagnostics.throw_if_errors());
  diagnostics.error({"b", 1, 1}, "third");
  diagnostics.error({"a", 2, 7}, "second");
  diagnostics.error({"a", 2, 3}, "first");
  try {
    diagnostics.throw_if_errors();
    FAIL("did not throw");
  } catch (const InputError& e) {
    REQUIRE(e.diagnostics().size() == 4);
    CHECK(e.diagnostics()[0].message == "first");
    CHECK(e.diagnostics()[1].message == "second");
    CHECK(e.diagnostics()[3].message == "third");
    CHECK(std::string(e.what()).find("a:2:3: error: first\n") == 0);
  }
  CHECK(InputError("no such flag", "try --help").diagnostics().front().hint == "try --help");
}

TEST_CASE("a million mistakes stay countable") {
  Diagnostics diagnostics;
  for (int i = 0; i < 5000; ++i) diagnostics.error({"a", i + 1, 1}, "wrong");
  try {
    diagnostics.throw_if_errors();
    FAIL("did not throw");
  } catch (const InputError& e) {
    CHECK(e.diagnostics().size() == 1001);
    CHECK(e.diagnostics().back().message == "4000 more mistakes are not shown");
  }
}
