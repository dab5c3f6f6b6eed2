# Makes tests/reference/inference.json: Rscript tests/reference/inference.R > tests/reference/inference.json
# Of the examples' diagnostics the first 20. R 4.2 with MASS, car, nnet, sandwich, jsonlite. Each case holds its data and the call that made it.
suppressMessages({library(MASS); library(car); library(nnet); library(sandwich); library(jsonlite)})
tight <- glm.control(epsilon = 1e-15, maxit = 200)
cases <- list()

table_of <- function(a, square, test, p) {
  a <- as.data.frame(a)
  rows <- rownames(a)[!rownames(a) %in% c("Residuals", "<none>")]
  list(term = I(trimws(rows)), freedom = I(a[rows, "Df"]), squares = I(a[rows, square]),
       statistic = I(a[rows, test]), p = I(a[rows, p]))
}

terms_of <- function(m) {
  t <- terms(m)
  factors <- attr(t, "factors")
  assign <- attr(model.matrix(m), "assign")
  assign <- assign[assign > 0]
  lapply(seq_along(attr(t, "term.labels")), function(i)
    list(name = attr(t, "term.labels")[i], variables = I(rownames(factors)[factors[, i] > 0]),
         columns = I(which(assign == i) - 1)))
}

common <- function(m, call) {
  X <- model.matrix(m)
  X <- X[, colnames(X) != "(Intercept)", drop = FALSE]
  list(call = call, X = unname(X), terms = terms_of(m), coefficients = I(unname(coef(m))))
}

new_rows <- function(X, aliased) {
  if (aliased) X[1:3, , drop = FALSE] else unname(rbind(colMeans(X), 1.5 * X[1, ] - 0.2 * X[2, ], X[nrow(X), ]))
}

add_lm <- function(name, m, call) {
  case <- common(m, call)
  X <- case$X; y <- unname(model.response(model.frame(m))); w <- weights(m)
  new <- new_rows(X, anyNA(coef(m)))
  flat <- if (is.null(w)) lm(y ~ X) else lm(y ~ X, weights = w)
  p <- suppressWarnings(list(
    mean = predict(flat, list(X = new), interval = "confidence", level = 0.9, se.fit = TRUE),
    new = predict(flat, list(X = new), interval = "prediction", level = 0.9)))
  case$y <- I(y)
  if (!is.null(w)) case$weights <- I(unname(w))
  case$anova <- table_of(Anova(m, type = 2, singular.ok = TRUE), "Sum Sq", "F value", "Pr(>F)")
  d <- drop1(m, test = "F")
  case$drop_one <- table_of(d, "Sum of Sq", "F value", "Pr(>F)")
  n <- if (is.null(w)) length(y) else sum(w > 0)
  case$drop_one$aic <- I(d$AIC + AIC(m) - d$AIC[1])
  last <- tail(rownames(d), 1)
  smaller <- update(m, as.formula(paste(". ~ . -", last)))
  a <- anova(smaller, m)
  case$compare <- list(term = last, freedom = a$Df[2], squares = a[["Sum of Sq"]][2],
                       statistic = a$F[2], p = a[["Pr(>F)"]][2])
  case$predict <- list(X = new, fit = I(unname(p$mean$fit[, 1])), se = I(unname(p$mean$se.fit)),
                       confidence = unname(p$mean$fit[, 2:3]), prediction = unname(p$new[, 2:3]))
  case$kind <- "ols"
  cases[[name]] <<- case
}

add_glm <- function(name, m, call, family, link, trials = FALSE, dose = FALSE) {
  case <- common(m, call)
  X <- case$X; mf <- model.frame(m); y <- model.response(mf); off <- model.offset(mf)
  if (is.matrix(y)) { case$y <- I(unname(y[, 1])); case$failures <- I(unname(y[, 2])) }
  else case$y <- I(unname(if (is.factor(y)) as.numeric(y != levels(y)[1]) else as.numeric(y)))
  if (!is.null(off)) case$offset <- I(unname(off))
  f <- family(m)
  new <- new_rows(X, anyNA(coef(m)))
  zero <- if (is.null(off)) rep(0, nrow(X)) else off
  resp <- y; if (is.factor(y)) resp <- as.numeric(y != levels(y)[1])
  flat <- glm(resp ~ X, family = f, offset = zero, control = tight)
  for (i in 1:20) flat <- update(flat, start = coef(flat))
  phi <- summary(m)$dispersion
  V <- summary(flat)$cov.unscaled * phi
  A <- cbind(1, new)
  case$predict <- list(X = new, linear = I(drop(A %*% coef(flat))),
                       linear_se = I(sqrt(rowSums((A %*% V) * A))))
  p <- suppressWarnings(predict(flat, list(X = new, zero = rep(0, 3)), type = "response", se.fit = TRUE))
  estimated <- !(family %in% c("poisson", "binomial", "negative_binomial"))
  t2 <- if (estimated) Anova(m, type = 2, test.statistic = "F", error.estimate = "pearson")
        else Anova(m, type = 2, test.statistic = "LR")
  case$anova <- if (estimated) table_of(t2, "Sum Sq", "F value", "Pr(>F)")
                else table_of(t2, "LR Chisq", "LR Chisq", "Pr(>Chisq)")
  if (!estimated && family != "negative_binomial") {
    d <- drop1(m, test = "Chisq")
    case$drop_one <- table_of(d, "LRT", "LRT", "Pr(>Chi)")
    case$drop_one$aic <- I(d$AIC)
  }
  case$dispersion <- phi
  case$se <- I(unname(sqrt(diag(V))))
  case$p <- I(unname(summary(m)$coefficients[, 4]))
  case$leverage <- I(head(unname(hatvalues(m)), 20))
  case$cook <- I(head(unname(cooks.distance(m)), 20))
  case$rstandard <- list(deviance = I(head(unname(rstandard(m, type = "deviance")), 20)),
                         pearson = I(head(unname(rstandard(m, type = "pearson")), 20)))
  case$robust <- lapply(c(hc0 = "HC0", hc1 = "HC1", hc2 = "HC2", hc3 = "HC3"), function(k)
    I(unname(sqrt(diag(vcovHC(m, k))))))
  case$pearson <- sum(residuals(m, "pearson")^2)
  case$deviance <- deviance(m)
  case$null_deviance <- m$null.deviance
  if (!estimated) { case$log_likelihood <- as.numeric(logLik(m)); case$aic <- AIC(m) }
  j <- linearHypothesis(m, names(coef(m))[-1][case$terms[[1]]$columns + 1],
                        test = if (estimated) "F" else "Chisq")
  case$joint <- list(statistic = if (estimated) j$F[2] else j$Chisq[2], p = tail(unlist(j), 1)[[1]])
  if (dose) { d <- dose.p(m, p = c(0.5, 0.9)); case$dose <- list(p = c(0.5, 0.9), value = I(unname(as.numeric(d))), se = I(as.numeric(attr(d, "SE")))) }
  if (family == "negative_binomial") {
    th <- theta.ml(m$y, fitted(m), eps = 1e-13, limit = 200)
    case$theta <- as.numeric(th); case$theta_se <- attr(th, "SE")
  }
  case$kind <- family; case$link <- link
  cases[[name]] <<- case
}

add_multinom <- function(name, formula, data, call, weights = NULL) {
  data$w_ <- if (is.null(weights)) rep(1, nrow(data)) else weights
  assign("used_", data, globalenv())
  m <- eval(bquote(multinom(.(formula), used_, weights = w_, trace = FALSE, maxit = 5000, reltol = 1e-15, abstol = 1e-15, Hess = TRUE, model = TRUE)), globalenv())
  X <- model.matrix(m); X <- X[, -1, drop = FALSE]
  cases[[name]] <<- list(kind = "multinomial", call = call, X = unname(X),
    labels = I(as.character(model.response(model.frame(m)))), classes = I(m$lev), weights = I(data$w_),
    coefficients = unname(coef(m)), se = unname(summary(m)$standard.errors), deviance = m$deviance,
    aic = m$AIC, fitted = unname(fitted(m)[1:3, ]))
}
source_lm <- function(name, text) { m <- eval(parse(text = text), globalenv()); add_lm(name, m, text) }
source_glm <- function(name, text, family, link, ...) {
  m <- eval(parse(text = sub("\\)$", ", control = tight)", text)), globalenv())
  # R stops by the deviance, where the coefficients of a link that is not canonical still move
  if (family != "negative_binomial") for (i in 1:20) m <- update(m, start = coef(m))
  add_glm(name, m, text, family, link, ...)
}

source_lm("mtcars", "lm(mpg ~ wt * hp + factor(cyl), mtcars)")
source_lm("warpbreaks", "lm(breaks ~ wool * tension, warpbreaks)")
source_lm("ToothGrowth", "lm(len ~ supp * dose, ToothGrowth)")
source_lm("airquality", "lm(Ozone ~ Solar.R + Wind + Temp, na.omit(airquality))")
source_lm("stackloss", "lm(stack.loss ~ ., stackloss)")
source_lm("swiss", "lm(Fertility ~ ., swiss)")
source_lm("longley", "lm(Employed ~ ., longley)")
source_lm("cars", "lm(dist ~ speed + I(speed^2), cars)")
source_lm("LifeCycleSavings", "lm(sr ~ ., LifeCycleSavings)")
source_lm("PlantGrowth", "lm(weight ~ group, PlantGrowth)")
source_lm("Duncan", "lm(prestige ~ type * (education + income), carData::Duncan)")
source_lm("hills", "lm(time ~ dist * climb, hills, weights = 1 / dist^2)")
source_lm("npk", "lm(yield ~ block + N * P * K, npk)")
source_lm("whiteside", "lm(Gas ~ Insul * Temp, whiteside)")
source_lm("cabbages", "lm(HeadWt ~ Cult * Date, cabbages)")
source_lm("trees", "lm(log(Volume) ~ log(Girth) + log(Height), trees)")

esoph2 <- within(esoph, {agegp <- factor(agegp, ordered = FALSE); tobgp <- factor(tobgp, ordered = FALSE)})
birthwt2 <- within(birthwt, race <- factor(race))
budworm <- data.frame(ldose = rep(0:5, 2), dead = c(1, 4, 9, 13, 18, 20, 0, 2, 6, 10, 12, 16), sex = factor(rep(c("M", "F"), c(6, 6))))
insurance2 <- within(Insurance, {Group <- factor(Group, ordered = FALSE); Age <- factor(Age, ordered = FALSE)})
ships2 <- within(subset(ships, service > 0), {year <- factor(year); period <- factor(period)})
clotting <- data.frame(u = c(5, 10, 15, 20, 30, 40, 60, 80, 100), lot1 = c(118, 58, 42, 35, 27, 25, 21, 19, 18))
dobson <- data.frame(counts = c(18, 17, 15, 20, 10, 20, 25, 13, 12), outcome = gl(3, 1, 9), treatment = gl(3, 3))
discoveries2 <- data.frame(n = as.numeric(discoveries), t = (1860:1959 - 1900) / 10)
challenger <- data.frame(t = c(66,70,69,68,67,72,73,70,57,63,70,78,67,53,67,75,70,81,76,79,75,76,58),
  d = c(0,1,0,0,0,0,0,0,1,1,1,0,0,1,0,0,0,0,0,0,1,0,1))
source_glm("esoph", "glm(cbind(ncases, ncontrols) ~ agegp + tobgp, binomial, esoph2)", "binomial", "logit")
source_glm("InsectSprays", "glm(count ~ spray, poisson, InsectSprays)", "poisson", "log")
source_glm("InsectSprays_quasi", "glm(count ~ spray, quasipoisson, InsectSprays)", "quasi_poisson", "log")
source_glm("Insurance", "glm(Claims ~ District + Group + Age + offset(log(Holders)), poisson, insurance2)", "poisson", "log")
source_glm("ships", "glm(incidents ~ type + year + period + offset(log(service)), quasipoisson, ships2)", "quasi_poisson", "log")
source_glm("birthwt", "glm(low ~ age + lwt + race + smoke, binomial, birthwt2)", "binomial", "logit")
source_glm("menarche", "glm(cbind(Menarche, Total - Menarche) ~ Age, binomial(probit), menarche)", "binomial", "probit", dose = TRUE)
source_glm("budworm", "glm(cbind(dead, 20 - dead) ~ sex * ldose, quasibinomial, budworm)", "quasi_binomial", "logit")
source_glm("quine", "glm.nb(Days ~ Sex * Age + Eth + Lrn, quine)", "negative_binomial", "log")
source_glm("epil", "glm.nb(y ~ lbase * trt + lage + V4, transform(epil, lbase = log(base / 4), lage = log(age)))", "negative_binomial", "log")
source_glm("discoveries", "glm.nb(n ~ t + I(t^2), discoveries2)", "negative_binomial", "log")
source_glm("clotting", "glm(lot1 ~ log(u), Gamma, clotting)", "gamma", "inverse")
source_glm("dobson", "glm(counts ~ outcome + treatment, poisson, dobson)", "poisson", "log")
source_glm("infert", "glm(case ~ spontaneous + induced, binomial, infert)", "binomial", "logit")
source_glm("bacteria", "glm(y ~ trt + I(week > 2), binomial, bacteria)", "binomial", "logit")
source_glm("challenger", "glm(d ~ t, binomial, challenger)", "binomial", "logit", dose = TRUE)
source_glm("airquality_gamma", "glm(Ozone ~ Wind * Temp, Gamma(log), na.omit(airquality))", "gamma", "log")

add_multinom("housing", Sat ~ Infl + Type + Cont, within(housing, Sat <- factor(Sat, ordered = FALSE)),
  "multinom(Sat ~ Infl + Type + Cont, weights = Freq, housing)", housing$Freq)
add_multinom("infert_education", education ~ age + parity, infert, "multinom(education ~ age + parity, infert)")
add_multinom("birthwt_race", race ~ lwt + smoke, birthwt2, "multinom(race ~ lwt + smoke, birthwt)")
cat(toJSON(cases, digits = NA, auto_unbox = TRUE, na = "null"), "\n")
