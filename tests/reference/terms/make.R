# Rscript make.R (R 4.2.2), in this folder: writes the data sets of package datasets as CSV files and
# model_matrix.json, which has of each model the call, the names of the columns of model.matrix
# and of each column Σx and Σ i·x over the rows i = 1 … n; coefficients are those of lm.
invisible(Sys.setlocale("LC_COLLATE", "C"))
options(digits = 15)
sets <- list(mtcars = mtcars, warpbreaks = warpbreaks, ToothGrowth = ToothGrowth, esoph = esoph, npk = npk,
             infert = infert[c("education", "age", "parity", "induced", "case", "spontaneous")])
for (name in names(sets)) write.csv(sets[[name]], paste0(name, ".csv"), row.names = FALSE, quote = FALSE)
tables <- lapply(names(sets), function(name) read.csv(paste0(name, ".csv"), stringsAsFactors = TRUE))
names(tables) <- names(sets)
# data | terms as we write them | right side for R | target of lm, or nothing
models <- read.table("models.txt", sep = "|", strip.white = TRUE, quote = "", comment.char = "#",
                     col.names = c("data", "terms", "r", "target"), stringsAsFactors = FALSE)
q <- function(x) paste0('"', gsub('"', '\\\\"', x), '"')
l <- function(x) paste0("[", paste(x, collapse = ", "), "]")
num <- function(x) ifelse(is.na(x), "null", sprintf("%.15g", x))
rows <- vapply(seq_len(nrow(models)), function(k) {
  m <- models[k, ]
  table <- tables[[m$data]]
  if (m$target != "") rest <- table[setdiff(names(table), all.vars(parse(text = m$target)))] else rest <- table
  X <- model.matrix(as.formula(paste("~", m$r)), rest)
  i <- seq_len(nrow(X))
  text <- c(
    paste0('"data": ', q(m$data)), paste0('"terms": ', q(m$terms)),
    paste0('"call": ', q(sprintf("model.matrix(~ %s, %s)", m$r, m$data))),
    paste0('"names": ', l(q(colnames(X)))),
    paste0('"sums": ', l(num(colSums(X)))), paste0('"moments": ', l(num(colSums(i * X)))))
  if (m$target != "") {
    fit <- lm(as.formula(paste(m$target, "~", m$r)), table)
    text <- c(text, paste0('"target": ', q(m$target)), paste0('"coefficients": ', l(num(coef(fit)))))
  }
  paste0("  {", paste(text, collapse = ",\n   "), "}")
}, "")
writeLines(c("[", paste(rows, collapse = ",\n"), "]"), "model_matrix.json")
